package integration

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// panicError is a panic in code that the caller gave to the client, such as a middleware. It is not retried: the next attempt
// would run the same code.
//
// The text has no value of a panic but the runtime's own: any other may hold a request with all that is secret in it.
type panicError struct {
	operation operation
	text      string
	is        func(target error) bool // of the value, where that is an error; a function, so that printing does not show it
}

func (e *panicError) Error() string {
	return fmt.Sprintf("integration: %s: %s", e.operation.name, e.text)
}

// Is makes errors.Is find what it would find in the value.
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

// panicText says what a recovered panic was and where. Only the function that recover was called in may call it.
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
