// SPDX-License-Identifier: Apache-2.0

// Command reference does with client-go what the Benchmark program's own
// subjects do with KubeRuntime, and takes the same arguments:
//
//	reference sync KUBECONFIG json|protobuf
//	reference follow KUBECONFIG COUNT
//	reference informers KUBECONFIG COUNT
//	reference work-queue WORKERS
//
// Each prints one line when it is ready or done, and ends with its input. What
// it takes of the machine is measured from outside.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/workqueue"
)

var (
	ctx   = context.Background()
	input = bufio.NewScanner(os.Stdin)
)

func main() {
	if len(os.Args) < 3 {
		fail(fmt.Errorf("usage: reference sync|follow|informers|work-queue ARGUMENTS"))
	}
	switch os.Args[1] {
	case "sync":
		syncPods(client(os.Args[2], "application/"+map[string]string{
			"json": "json", "protobuf": "vnd.kubernetes.protobuf",
		}[os.Args[3]]))
	case "follow":
		follow(client(os.Args[2], ""), number(os.Args[3]))
	case "informers":
		manyInformers(client(os.Args[2], ""), number(os.Args[3]))
	case "work-queue":
		workQueue(number(os.Args[2]))
	default:
		fail(fmt.Errorf("there is no %q", os.Args[1]))
	}
}

// syncPods follows all pods. Each line of input makes it list them again.
func syncPods(client kubernetes.Interface) {
	pods := client.CoreV1().Pods("")
	expire, relisted := make(chan struct{}), make(chan int, 1)
	lists := 0
	source := &cache.ListWatch{
		ListFunc: func(options metav1.ListOptions) (runtime.Object, error) {
			list, err := pods.List(ctx, options)
			lists++
			return list, err
		},
		WatchFunc: func(options metav1.ListOptions) (watch.Interface, error) {
			// The list before this is in the queue to the store by now.
			if lists > 1 {
				relisted <- lists
			}
			open, err := pods.Watch(ctx, options)
			if err != nil {
				return nil, err
			}
			defer open.Stop()
			<-expire
			return nil, errors.NewResourceExpired("asked to list again")
		},
	}
	informer := cache.NewSharedInformer(source, &corev1.Pod{}, 0)
	start := time.Now()
	run(informer)
	fmt.Printf("synced %f %d\n", milliseconds(time.Since(start)), len(informer.GetStore().ListKeys()))
	for input.Scan() {
		expire <- struct{}{}
		<-relisted
		fmt.Printf("relisted %d\n", len(informer.GetStore().ListKeys()))
	}
}

// follow notes how long ago each config map was written when the handler hears of it.
func follow(client kubernetes.Interface, count int) {
	informer := configMaps(client, "")
	start, latencies := time.Now().UnixNano(), make([]float64, 0, count)
	var first time.Time
	received := func(object interface{}) {
		now := time.Now()
		written, err := strconv.ParseInt(object.(*corev1.ConfigMap).Data["written"], 10, 64)
		// What the initial list brings was written before.
		if err != nil || written < start || len(latencies) == count {
			return
		}
		if len(latencies) == 0 {
			first = now
		}
		latencies = append(latencies, float64(now.UnixNano()-written)/1e6)
		if len(latencies) < count {
			return
		}
		seconds := now.Sub(first).Seconds()
		sort.Float64s(latencies)
		fmt.Printf("followed %f %f %f %f\n", latencies[count/2], latencies[count*99/100],
			latencies[count-1], float64(count-1)/seconds)
	}
	informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    received,
		UpdateFunc: func(_, object interface{}) { received(object) },
	})
	run(informer)
	fmt.Printf("synced 0 %d\n", len(informer.GetStore().ListKeys()))
	waitForEnd()
}

// manyInformers runs so many informers of the same client.
func manyInformers(client kubernetes.Interface, count int) {
	start := time.Now()
	var synced sync.WaitGroup
	for i := 0; i < count; i++ {
		synced.Add(1)
		go func(i int) {
			defer synced.Done()
			run(configMaps(client, fmt.Sprintf("group=%d", i)))
		}(i)
	}
	synced.Wait()
	fmt.Printf("synced %f %d\n", milliseconds(time.Since(start)), count)
	waitForEnd()
}

// workQueue takes keys, is done with them and adds them again.
func workQueue(workers int) {
	const operations, keys = 1000000, 1000
	best := time.Hour
	for i := 0; i < 5; i++ {
		queue := workqueue.New()
		for key := 0; key < keys; key++ {
			queue.Add(key)
		}
		var ended sync.WaitGroup
		start := time.Now()
		for worker := 0; worker < workers; worker++ {
			ended.Add(1)
			go func() {
				defer ended.Done()
				for i := 0; i < operations/workers; i++ {
					key, _ := queue.Get()
					queue.Done(key)
					queue.Add(key)
				}
			}()
		}
		ended.Wait()
		if time.Since(start) < best {
			best = time.Since(start)
		}
		queue.ShutDown()
	}
	fmt.Printf("worked %f\n", operations/best.Seconds()/1e6)
	waitForEnd()
}

func client(kubeconfig, contentType string) kubernetes.Interface {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	fail(err)
	config.ContentType = contentType
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	fail(err)
	return client
}

func configMaps(client kubernetes.Interface, selector string) cache.SharedInformer {
	source := cache.NewFilteredListWatchFromClient(client.CoreV1().RESTClient(), "configmaps", "bench",
		func(options *metav1.ListOptions) { options.LabelSelector = selector })
	return cache.NewSharedInformer(source, &corev1.ConfigMap{}, 0)
}

// run starts an informer and returns when it has synced. WaitForCacheSync
// would look only ten times a second.
func run(informer cache.SharedInformer) {
	go informer.Run(ctx.Done())
	for !informer.HasSynced() {
		time.Sleep(time.Millisecond)
	}
}

func waitForEnd() {
	for input.Scan() {
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	fail(err)
	return value
}

func milliseconds(duration time.Duration) float64 { return duration.Seconds() * 1000 }

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}
