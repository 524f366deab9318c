package logging

import (
	"context"
	"log/slog"
)

// WithRequestID returns a logger for integration.WithLogger that adds the request's ID from the context to each record.
func WithRequestID(handler slog.Handler) *slog.Logger { return slog.New(requestID{handler}) }

// RequestID is the key of the request's ID in a context.
type RequestID struct{}

type requestID struct{ slog.Handler }

func (h requestID) Handle(ctx context.Context, r slog.Record) error {
	if id, ok := ctx.Value(RequestID{}).(string); ok {
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requestID) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestID{h.Handler.WithAttrs(attrs)}
}

func (h requestID) WithGroup(name string) slog.Handler { return requestID{h.Handler.WithGroup(name)} }
