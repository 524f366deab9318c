package integration

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// panicError is a panic in the caller's code, such as a middleware. It is not retried, because the next attempt would run the
// same code.
//
// The text shows the panic value only if it is a runtime error. Any other value may contain a request with its secrets.
type panicError struct {
	operation operation
	text      string
	is        func(target error) bool // of the value, if it is an error; a function, so that printing does not show the value
}

func (e *panicError) Error() string {
	return fmt.Sprintf("integration: %s: %s", e.operation.name, e.text)
}

// Is matches like the panic value, if that is an error.
func (e *panicError) Is(target error) bool { return e.is(target) }

// catch is deferred to turn a panic into an error. It does not stop a runtime.Goexit.
func catch(op operation, err *error) {
	if v := recover(); v != nil {
		*err = &panicError{operation: op, text: panicText(v), is: func(target error) bool {
			cause, ok := v.(error)
			return ok && errors.Is(cause, target)
		}}
	}
}

// panicText describes a recovered panic and its location. Only the function that called recover may call it.
func panicText(v any) string {
	text := fmt.Sprintf("a panic of type %T", v)
	if e, ok := v.(runtime.Error); ok {
		text = "a panic: " + e.Error()
	}
	if function, file, line := panicPlace(); function != "" {
		text += fmt.Sprintf(" in %s (%s:%d)", function, filepath.Base(file), line)
	}
	return text
}

// panicPlace returns the function that panicked: the first one below the runtime's on the stack.
func panicPlace() (function, file string, line int) {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicked = true
		case panicked && !strings.HasPrefix(frame.Function, "runtime."):
			return frame.Function, frame.File, frame.Line
		}
		if !more {
			return "", "", 0
		}
	}
}
