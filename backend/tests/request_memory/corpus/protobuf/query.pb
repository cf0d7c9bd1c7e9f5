
+process_cpu:cpu:nanoseconds:cpu:nanoseconds){service_name="shop", pod=~"shop-[0-9]+"}êÎ∆›ü4 ê»¢ﬂü4(Ä@