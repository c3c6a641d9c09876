//go:build !race

package door_test

const raceEnabled = false
