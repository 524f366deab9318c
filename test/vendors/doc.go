// Package vendors runs the vendor's own clients against the sandbox of the program talonone.
//
// The tests build the program, start it with the rules in testdata, and take a session through its whole life with each client. They
// compare the results of a client with testdata/life.json, which has the bodies that the program sends. Each test lists the
// differences of its client. After an intended change, go test -update writes the file from the answers to fetch.
//
// npm installs the clients for JavaScript, in the versions of javascript/package-lock.json. Without node or npm, their test is
// skipped, or fails if VENDORS_REQUIRED is set.
//
// The clients for Go, Python and TypeScript are not in the registries that CI can reach. Their tests run if VENDORS_CLONES names a
// folder with clones of them. Build talon-one-ts-sdk there, with npm install and npx tsc. For the client for Python, install the
// packages of its requirements.txt.
//
// Run the tests with -count=1, because the go command does not see that they depend on the program.
package vendors
