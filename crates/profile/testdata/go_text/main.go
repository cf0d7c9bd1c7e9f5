// A shop that allocates, waits for a lock and sleeps, and writes Go's text profiles of itself.
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

var kept [][]byte

//go:noinline
func cart() {
	for i := 0; i < 64; i++ {
		kept = append(kept, make([]byte, 256<<10))
	}
}

func search(lock *sync.Mutex, done *sync.WaitGroup) {
	defer done.Done()
	for i := 0; i < 20; i++ {
		lock.Lock()
		time.Sleep(time.Millisecond)
		lock.Unlock()
	}
}

func main() {
	runtime.MemProfileRate = 64 << 10
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	var lock sync.Mutex
	var done sync.WaitGroup
	cart()
	for i := 0; i < 3; i++ {
		done.Add(1)
		go search(&lock, &done)
	}
	time.Sleep(5 * time.Millisecond)
	write("goroutine")
	done.Wait()
	for i := 0; i < 50; i++ {
		_ = append([]byte(nil), make([]byte, 128<<10)...)
	}
	runtime.GC()
	for _, name := range []string{"heap", "mutex", "block", "threadcreate"} {
		write(name)
	}
}

func write(name string) {
	file, err := os.Create(name + ".txt")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if err := pprof.Lookup(name).WriteTo(file, 1); err != nil {
		panic(err)
	}
}
