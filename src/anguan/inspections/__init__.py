"""检查: draws (双随机), visits, results."""
