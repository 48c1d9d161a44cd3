"""What keeps simulated devices talking: their lines, and the frames that want sending again."""

import asyncio
from collections.abc import Sequence

from anguan.simulator.devices import Device


async def keep_line(device: Device, host: str, port: int) -> None:
    """Call the centre, and call again whenever the line breaks."""
    loop = asyncio.get_running_loop()
    pause = 0.1
    while True:
        try:
            await loop.create_connection(lambda: device, host, port)
        except OSError:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
            continue
        pause = 0.1
        device.resume()
        await device.lost.wait()


async def check_deadlines(devices: Sequence[Device]) -> None:
    """Send again what nobody confirmed in time."""
    while True:
        await asyncio.sleep(0.2)
        for device in devices:
            device.check_deadlines()
