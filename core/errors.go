package core

import (
	"errors"

	"github.com/completion-playground/playground/core/internal/edit"
)

// What the errors of Set, Unset, Format and FixAll are, for errors.Is. Their texts say for people what is wrong where.
var (
	// ErrNotJSON says that the new value is no strict JSON.
	ErrNotJSON error = edit.ErrNotJSON
	// ErrPath says that the path is no pointer, or leads to no place that could hold a value: through a number, beyond the
	// end of a list.
	ErrPath error = edit.ErrPath
	// ErrTooLarge says that the text or the new value is beyond the limits, or that the path leads beyond their depth.
	ErrTooLarge error = edit.ErrTooLarge
	// ErrUnreadable says that the text around the place cannot be read, or holds a request in another language, see Import.
	ErrUnreadable error = edit.ErrUnreadable
)

// ErrNoProfile says that no built-in profile has the name.
var ErrNoProfile = errors.New("no profile")
