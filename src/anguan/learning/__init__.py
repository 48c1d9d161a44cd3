"""培训: courses, exams, drills, certificates of training."""
