package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Secret returns what is not to be seen on a command line: from the environment, or else
// from who sits at the terminal, who may give none. what is asked for, such as
// "Passphrase".
func (c *Console) Secret(ctx context.Context, variable, what string) (string, error) {
	if text := c.Getenv(variable); text != "" {
		return text, nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", Usage("a passphrase is needed: give it in %s, or run this at a terminal", variable)
	}
	text, err := c.typed(ctx, what+": ", false)
	if err != nil && !errors.Is(err, ErrInterrupted) {
		err = fmt.Errorf("read the passphrase: %w", err)
	}
	return text, err
}

// NewSecret is Secret for one that is to hold from now on: it is asked for twice, as nobody
// sees what is typed. differ says what becomes of two that are not the same.
func (c *Console) NewSecret(ctx context.Context, variable, what, differ string) (string, error) {
	text, err := c.Secret(ctx, variable, what)
	if err != nil || text == "" || c.Getenv(variable) != "" {
		return text, err
	}
	again, err := c.Secret(ctx, variable, "The same again")
	if err == nil && again != text {
		err = fmt.Errorf("the two passphrases differ: %s", differ)
	}
	return text, err
}

// Pasted returns a line of standard input, which is not shown at a terminal.
func (c *Console) Pasted(ctx context.Context, what string) (string, error) {
	if term.IsTerminal(int(os.Stdin.Fd())) {
		return c.typed(ctx, what+": ", false)
	}
	return await(ctx, shown)
}

// Confirm asks whoever sits at the terminal; who does not sit there has to say --yes. The
// error is no, if that is the answer.
func (c *Console) Confirm(ctx context.Context, question string, no error) error {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return Usage("this is to be confirmed: read what is above, and say --yes")
	}
	answer, err := c.typed(ctx, question+" [y/N] ", true)
	if err != nil {
		return err
	}
	if a := strings.ToLower(answer); a == "y" || a == "yes" {
		return nil
	}
	return no
}

// typed asks for a line at the terminal, which echoes it or not. If ctx ends before there
// is one, the terminal is as it was.
func (c *Console) typed(ctx context.Context, question string, echo bool) (string, error) {
	c.errs.Lock()
	defer c.errs.Unlock()
	in := int(os.Stdin.Fd())
	was, err := term.GetState(in)
	if err != nil {
		return "", err
	}
	fmt.Fprint(c.Err, question)
	read := shown
	if !echo {
		read = hidden
	}
	text, err := await(ctx, read)
	if !echo || err != nil {
		fmt.Fprintln(c.Err)
	}
	if err != nil {
		err = errors.Join(err, term.Restore(in, was))
	}
	return text, err
}

// await reads until ctx ends. Nothing takes a read of a terminal back: it is left to the
// end of the process, which is near then.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	go func() {
		text, err := read()
		got <- line{text, err}
	}()
	select {
	case l := <-got:
		return strings.TrimSpace(l.text), l.err
	case <-ctx.Done():
		return "", ErrInterrupted
	}
}

// maxLine is how long a line is at most, in bytes.
const maxLine = 64 << 10

// shown reads a line; one that the end of the input ends is one.
func shown() (string, error) {
	text, err := bufio.NewReader(io.LimitReader(os.Stdin, maxLine)).ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return text, err
}

// hidden reads a line that is not shown.
func hidden() (string, error) {
	text, err := term.ReadPassword(int(os.Stdin.Fd()))
	return string(text), err
}
