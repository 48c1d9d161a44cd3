import "../lib/htmx";
