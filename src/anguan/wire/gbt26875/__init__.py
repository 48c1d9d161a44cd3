"""GB/T 26875.3, the fire-alarm protocol of urban remote monitoring centres."""
