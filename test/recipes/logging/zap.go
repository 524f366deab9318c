package logging

import (
	"log/slog"

	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
)

// Zap returns a logger for integration.WithLogger that writes to a zap.Logger.
func Zap(logger *zap.Logger) *slog.Logger { return slog.New(zapslog.NewHandler(logger.Core())) }
