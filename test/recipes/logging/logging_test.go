package logging

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func zapTo(w *bytes.Buffer) *zap.Logger {
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(w), zap.InfoLevel))
}

// TestAttempts checks the log record of an attempt.
func TestAttempts(t *testing.T) {
	var slogged, zapped bytes.Buffer
	for name, c := range map[string]struct {
		logger *slog.Logger
		out    *bytes.Buffer
		more   string
	}{
		"slog": {WithRequestID(slog.NewJSONHandler(&slogged, nil)).With("service", "shop"), &slogged, "request"},
		"zap":  {Zap(zapTo(&zapped)), &zapped, ""},
	} {
		t.Run(name, func(t *testing.T) {
			client := integrationtest.NewServer(t).Client(integration.WithLogger(c.logger))
			ctx := context.WithValue(t.Context(), RequestID{}, "r-1")
			if _, err := client.UpdateCustomerSession(ctx, "order-1", integration.UpdateRequest{}); err != nil {
				t.Fatal(err)
			}
			var record map[string]any
			if err := json.Unmarshal(c.out.Bytes(), &record); err != nil {
				t.Fatal(err)
			}
			if record["operation"] != "update" || record["status"] != 200.0 || record["attempt"] != 1.0 {
				t.Error(record)
			}
			if c.more != "" && record[c.more] != "r-1" {
				t.Errorf("no %s in %v", c.more, record)
			}
			if strings.Contains(c.out.String(), "order-1") {
				t.Error(c.out)
			}
		})
	}
}

// TestModels checks that slog hides the coupon codes of a session, because it calls LogValue. zap.Any does not call it.
func TestModels(t *testing.T) {
	session := talonone.CustomerSessionV2{IntegrationID: "order-1", CouponCodes: []string{"SECRET"}}
	var out bytes.Buffer
	log := func(do func()) string { out.Reset(); do(); return out.String() }
	for name, c := range map[string]struct {
		text  string
		shown bool
	}{
		"slog":             {log(func() { slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "session", session) }), false},
		"slog through zap": {log(func() { Zap(zapTo(&out)).Info("m", "session", session) }), false},
		"zap.Any":          {log(func() { zapTo(&out).Info("m", zap.Any("session", session)) }), true},
	} {
		if !strings.Contains(c.text, "order-1") || strings.Contains(c.text, "SECRET") != c.shown {
			t.Errorf("%s: %s", name, c.text)
		}
	}
}
