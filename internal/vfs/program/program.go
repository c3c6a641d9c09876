// Package program lets go of the pages of the program that runs. The most of them are
// read while it starts and not again, and of a node that rests they would be the greater
// part of what it holds.
package program
