// Package house keeps the rules of this repository: which package may import
// which, what only the ground floor may call, how large things may grow, what
// every package and document must have.
//
// A rule is a function from a [tree.Tree] to the places that break it. The tests run
// every rule on the repository, and on small trees that break it on purpose.
package house
