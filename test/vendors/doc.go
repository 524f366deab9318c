// Package vendors runs the vendor's own clients against the sandbox of the program talonone.
//
// Its tests build the program, start it with the rules in testdata, and run a whole life of a session through each client. What a
// client returns is compared with testdata/life.json, which has the bodies that the program answers with. Where it differs, the test
// says how. After a change that is meant, go test -update writes that file from what the program answers to fetch.
//
// The clients for JavaScript come from npm, as javascript/package-lock.json names them. Without node and npm their test is skipped,
// unless VENDORS_REQUIRED is set: then it fails.
//
// The clients for Go, Python and TypeScript are run if VENDORS_CLONES names a folder with clones of them: the registries that CI can
// reach do not have them. talon-one-ts-sdk must be built there, with npm install and npx tsc; the client for Python needs what its
// requirements.txt says.
//
// Run the tests with -count=1: the go command does not know that they depend on the program.
package vendors
