// Package postgres stores models in columns of a PostgreSQL database.
//
// The tests use the server in POSTGRES_DSN, such as "postgres://user:password@localhost/test". They create only temporary tables. If
// POSTGRES_DSN is not set, they start a server with the programs in /usr/lib/postgresql or on the PATH. If there are none, they are
// skipped, or fail if POSTGRES_REQUIRED is set.
package postgres
