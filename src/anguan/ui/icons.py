"""The house's own icons: 24-unit grid, one line width, drawn with the colour of the text beside them."""

# ruff: noqa: E501  # a path is drawn on one line

from typing import Final

# Each value stands inside a <symbol viewBox="0 0 24 24">; strokes take colour and width from the style sheet.
ICONS: Final[dict[str, str]] = {
    "desk": '<path d="M3 11l9-7 9 7M5.5 9.5V20h13V9.5M10 20v-6h4v6"/>',
    "ledger": '<path d="M6 3.5h13v17H6a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2zM8.5 3.5v17M12 8.5h4M12 12.5h4"/>',
    "building": '<path d="M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3"/>',
    "draw": '<path d="M3 7h3.5c5 0 6 10 11 10H21M3 17h3.5c1.7 0 3-1.2 4-2.7M13.5 9.6c1-1.5 2.3-2.6 4-2.6H21M18.5 4.5L21 7l-2.5 2.5M18.5 14.5L21 17l-2.5 2.5"/>',
    "check": '<path d="M8 4.5H6a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 6 20.5h12a1.5 1.5 0 0 0 1.5-1.5V6A1.5 1.5 0 0 0 18 4.5h-2M8.5 3h7v3.5h-7zM8 13.5l2.7 2.7L16 11"/>',
    "hazard": '<path d="M12 3.5L21.5 20h-19zM12 10v4.5M12 17.2v.1"/>',
    "paper": '<path d="M6 3h8l5 5v13H6zM14 3v5h5M9 12.5h7M9 16.5h7"/>',
    "case": '<path d="M12 3.5v17M7 20.5h10M4 7h16M6.5 7L3.5 14h6zM17.5 7l-3 7h6z"/>',
    "fire": '<path d="M12 3c.6 3.6 5.5 5.6 5.5 11a5.5 5.5 0 0 1-11 0c0-2.3 1.2-3.8 2.3-5 .2 1.8.9 2.6 1.7 3C10.3 9.3 10.5 5.5 12 3z"/>',
    "training": '<path d="M2.5 9L12 4.5 21.5 9 12 13.5zM6.5 11v5.5c3 2.3 8 2.3 11 0V11M21.5 9v5.5"/>',
    "service": '<path d="M12 20.5S3.5 15.5 3.5 9.3A4.6 4.6 0 0 1 12 6.8a4.6 4.6 0 0 1 8.5 2.5c0 6.2-8.5 11.2-8.5 11.2z"/>',
    "public": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.8h4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L20.5 20.5"/>',
    "phone": '<path d="M6.5 3.5h3l1.5 4.5-2 1.5c1 2.3 3.2 4.5 5.5 5.5l1.5-2 4.5 1.5v3c0 1.7-1.3 3-3 3C10.5 20.5 3.5 13.5 3.5 6.5c0-1.7 1.3-3 3-3z"/>',
    "camera": '<path d="M4 7.5h3.5l1.5-2.5h6l1.5 2.5H20v12H4z"/><circle cx="12" cy="13.2" r="3.5"/>',
    "sign": '<path d="M3.5 20.5h17M5 16.5l1-4L15.5 3l3 3L9 15.5zM13 5.5l3 3"/>',
    "map-pin": '<path d="M12 21.5s-7-6.5-7-12a7 7 0 0 1 14 0c0 5.5-7 12-7 12z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.5 2"/>',
    "hourglass": '<path d="M6.5 3.5h11M6.5 20.5h11M8 3.5v3.7L12 12l4-4.8V3.5M8 20.5v-3.7l4-4.8 4 4.8v3.7"/>',
    "calendar": '<path d="M4 5.5h16v15H4zM4 10h16M8 3v4M16 3v4"/>',
    "ok": '<path d="M5 12.5l4.7 4.7L19.5 7"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "warning": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16v.1"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11.2v5.3M12 8v.1"/>',
    "void": '<circle cx="12" cy="12" r="8.5"/><path d="M6 18L18 6"/>',
    "dot": '<circle cx="12" cy="12" r="7.5"/><circle cx="12" cy="12" r="2.5" class="solid"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "chevron-right": '<path d="M9.5 5.5L16 12l-6.5 6.5"/>',
    "chevron-left": '<path d="M14.5 5.5L8 12l6.5 6.5"/>',
    "chevron-down": '<path d="M5.5 9.5L12 16l6.5-6.5"/>',
    "sort-up": '<path d="M12 19V5.5M6.5 11L12 5.5l5.5 5.5"/>',
    "sort-down": '<path d="M12 5v13.5M6.5 13l5.5 5.5 5.5-5.5"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3L7 7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "system": '<path d="M3 4.5h18v12H3zM9 20.5h6M12 16.5v4"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>',
    "users": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.5 3.2-5.3 6.5-5.3s5.9 1.8 6.5 5.3M15 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.7c2.2.7 3.6 2.3 4 4.8"/>',
    "upload": '<path d="M12 16V4.5M7 9.5l5-5 5 5M4.5 16v4h15v-4"/>',
    "download": '<path d="M12 4.5V16M7 11l5 5 5-5M4.5 16v4h15v-4"/>',
    "filter": '<path d="M3.5 5h17l-6.5 8v6l-4 1.5V13z"/>',
    "columns": '<path d="M4 4.5h16v15H4zM9.3 4.5v15M14.7 4.5v15"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "edit": '<path d="M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5"/>',
    "trash": '<path d="M4.5 6.5h15M9 6.5v-3h6v3M6.5 6.5l1 14h9l1-14M10 10.5v6M14 10.5v6"/>',
    "undo": '<path d="M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9"/>',
    "lock": '<path d="M5.5 10.5h13v10h-13zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14.5v2.5"/>',
    "shield": '<path d="M12 3l7.5 3v5.5c0 4.7-3.2 8-7.5 9.5-4.3-1.5-7.5-4.8-7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5"/>',
    "link": '<path d="M10 14.5a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.8l-1 1M14 9.5a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.2l1-1"/>',
    "open": '<path d="M13.5 4.5h6v6M19.5 4.5L11 13M17 13.5v6H4.5V7h6"/>',
    "print": '<path d="M7 9V3.5h10V9M7 17.5H4V9h16v8.5h-3M7 14h10v6.5H7z"/>',
    "qr": '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v2M17.5 20H20v-1.5M14 20v-1"/>',
    "offline": '<path d="M3 4l18 17M5 12.5c1-.9 2.2-1.6 3.5-2M2 9a15 15 0 0 1 4-2.4M10 6a15 15 0 0 1 12 3M15 11c1.5.4 2.9 1.1 4 2M9 16a4.5 4.5 0 0 1 5 .2M12 19.5v.1"/>',
    "refresh": '<path d="M19.5 5v5h-5M19 10a7.5 7.5 0 1 0 .5 4"/>',
    "more": '<path d="M5.5 12v.1M12 12v.1M18.5 12v.1"/>',
    "exit": '<path d="M14 4.5H5v15h9M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5"/>',
    "stamp": '<path d="M9.5 13c0-3-1.5-4-1.5-6.2a4 4 0 0 1 8 0C16 9 14.5 10 14.5 13M5 13h14v4H5zM5 20.5h14"/>',
    "risk-major": '<path class="solid" d="M12 3l9 9-9 9-9-9z"/>',
    "risk-larger": '<path class="solid" d="M12 3.5L21.5 20h-19z"/>',
    "risk-general": '<path class="solid" d="M4.5 4.5h15v15h-15z"/>',
    "risk-low": '<circle class="solid" cx="12" cy="12" r="8"/>',
}

SPRITE: Final = (
    '<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">'
    + "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{body}</symbol>' for name, body in ICONS.items())
    + "</svg>"
)
