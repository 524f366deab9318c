package logging

import (
	"log/slog"

	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
)

// Zap writes with a zap.Logger what the client logs, for integration.WithLogger.
func Zap(logger *zap.Logger) *slog.Logger { return slog.New(zapslog.NewHandler(logger.Core())) }
