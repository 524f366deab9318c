// Package otel traces and measures the calls of a client with OpenTelemetry:
//
//	observer := otel.NewObserver()
//	client, err := integration.NewClient(baseURL, apiKey,
//		integration.WithObserver(observer),
//		integration.WithMiddleware(observer.Middleware))
//
// It is a separate module, so programs that do not use it do not depend on OpenTelemetry. It has the same package name as
// go.opentelemetry.io/otel, so a file that imports both must rename one of them.
//
// # Spans
//
// Each call has a client span, named after the operation: "talonone update", "talonone get", "talonone reopen", "talonone
// return", or "talonone do" for the client's Do. It begins before the call waits for its session's turn and ends when the
// call returns. Each request of the call has a client span below it, named after the HTTP method. It ends when the answer's
// body is closed. A call sends one request for each attempt, and one more for each redirect that it follows.
//
// The span of a call has these attributes:
//
//	talonone.operation         update, get, reopen, return or do
//	talonone.attempts          how many attempts were made
//	talonone.queue.duration    how long the call waited for its session's turn, in seconds
//	talonone.backoff.duration  how long it waited between attempts, in seconds
//	http.response.status_code  of the answer to the last attempt, if one came
//	server.address             the host of the deployment, if a request was sent
//	server.port                its port
//	error.type                 if the call failed
//
// The span of a request has the attributes of the semantic conventions for HTTP clients, and the attempt:
//
//	talonone.operation         as above
//	talonone.attempt           from 1
//	http.request.method        GET, POST, PUT, PATCH or DELETE
//	http.request.resend_count  which repeat of the call's first request it is, from 1; the first one has none
//	http.response.status_code  of the answer, if one came
//	network.protocol.version   of the answer: 1.1 or 2
//	server.address             the host
//	server.port                its port
//	error.type                 if there was no answer, or one of 400 or more
//
// error.type is the status of the answer, such as "503", or one of
//
//	timeout           no whole answer in time: the attempt's time or the context's deadline was over
//	canceled          the context was cancelled
//	invalid_request   the client refused the call, and sent nothing
//	invalid_response  an answer of 2xx that cannot be used
//	no_answer         the transport or a middleware failed
//	_OTHER            anything else, such as a panic or an API key that the function of WithAPIKeyFunc does not give
//
// # Metrics
//
//	talonone.client.call.duration  a histogram, in seconds: how long calls took, with all waits
//	talonone.client.attempts       a counter: attempts of all calls
//	talonone.client.retries        a counter: those of them that were repeats
//
// They have the attributes talonone.operation and, as in the span of the call, server.address, server.port,
// http.response.status_code and error.type.
//
// # What is left out
//
// No span and no metric has a session ID, an API key, a code, an identifier, a path, a query, a header or a body. The
// conventions ask for url.full, but it is left out, because it contains the session ID. Error texts are left out too, because
// they may repeat the server's text. An instrumentation that records URLs, such as otelhttp, records session IDs when it wraps
// the transport.
//
// The trace context is not sent, because the API belongs to another company and does not use it. To send it nevertheless, add a
// middleware after the Observer's. It must call the Inject method of your propagator with the context and the header of a clone
// of the request.
package otel
