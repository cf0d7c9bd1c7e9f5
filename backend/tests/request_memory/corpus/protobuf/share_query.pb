
Priceslink*30d:G
explore<type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&from=now-1hB	sort=self