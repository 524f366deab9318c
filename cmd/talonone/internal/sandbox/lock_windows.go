package sandbox

import (
	"errors"
	"os"
	"syscall"
)

// sharingViolation is the error for a file that another process has opened for itself alone.
const sharingViolation syscall.Errno = 32

// lock opens a file beside the state file for this process alone. The system closes it when the process ends, however it ends.
func lock(name string) (unlock func(), err error) {
	name += ".lock"
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	const shared = 0
	file, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, shared, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, ErrStateFileInUse
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return func() { _ = syscall.CloseHandle(file) }, nil
}
