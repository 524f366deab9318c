// Package postgres stores models in columns of a PostgreSQL database.
//
// Its tests start a server of their own from what is in /usr/lib/postgresql or on the PATH, or use the one that POSTGRES_DSN names,
// such as "postgres://user:password@localhost/test". They create nothing but temporary tables. Without a server they are skipped,
// unless POSTGRES_REQUIRED is set: then they fail.
package postgres
