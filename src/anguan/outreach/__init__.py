"""服务: guidance, check-ups, 一企一策, lectures, reports of citizens."""
