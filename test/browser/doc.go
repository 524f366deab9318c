// Package browser looks at the page of the sandbox with a real browser.
//
// Its tests build the program talonone, start it, and open its page in a headless Chromium, which they look for on the PATH, or which
// CHROMIUM names. axe-core, which finds what people with a keyboard or a screen reader cannot use, comes from npm, as
// package-lock.json names it. Without these the tests are skipped, unless BROWSER_REQUIRED is set: then they fail.
//
// With SCREENSHOTS=folder they leave pictures of the page there: light, dark, narrow.
//
// Run the tests with -count=1: the go command does not know that they depend on the program.
package browser
