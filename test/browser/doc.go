// Package browser tests the pages of the sandbox in a real browser.
//
// The tests build the program talonone, start it, and open its pages in a headless Chromium. CHROMIUM is the path of Chromium; by
// default, the tests search the PATH. They also run axe-core, which reports what people with a keyboard or a screen reader cannot
// use. npm installs the version of axe-core in package-lock.json. Without Chromium or npm, the tests are skipped, or fail if
// BROWSER_REQUIRED is set.
//
// With SCREENSHOTS=folder, they write pictures of the pages to the folder: light, dark and narrow.
//
// Run the tests with -count=1, because the go command does not see that they depend on the program.
package browser
