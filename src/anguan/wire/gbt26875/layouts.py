"""版式: how the objects of each type stand on the wire (tables of clause 8.3), one row a type.

Reading, writing and the tests' tables all rest on `LAYOUTS`; a profile replaces rows for a maker that departs from it.
"""

from typing import NamedTuple

from anguan.wire.gbt26875 import objects as o
from anguan.wire.gbt26875.codes import TypeFlag


class Layout(NamedTuple):
    """How the objects of one type stand on the wire.

    `format` is that of `struct`; a format that ends in "v" closes with a text whose length stands in a byte before it.
    `timed`: the last field is a time. `most` is how many objects a frame may carry. `absent` are fields that the
    device leaves out; they are read as no bytes at all, which is not the same as a text of zeros. `stamped`: a time
    that the standard does not know follows each object.
    """

    object: type[o.Object]
    format: str
    most: int
    timed: bool = False
    absent: tuple[str, ...] = ()
    stamped: bool = False


T = TypeFlag
LAYOUTS: dict[int, Layout] = {
    T.SYSTEM_STATE: Layout(o.SystemState, "<BBH6s", 102, timed=True),
    T.COMPONENT_STATE: Layout(o.ComponentState, "<BBBIH31s6s", 22, timed=True),
    T.ANALOG_VALUE: Layout(o.AnalogValue, "<BBBIBh6s", 63, timed=True),
    T.SYSTEM_OPERATION: Layout(o.SystemOperation, "<BBBB6s", 102, timed=True),
    T.SYSTEM_VERSION: Layout(o.SystemVersion, "<BBBB", 1),
    T.SYSTEM_CONFIGURATION: Layout(o.SystemConfiguration, "<BBv", 3),
    T.COMPONENT_CONFIGURATION: Layout(o.ComponentConfiguration, "<BBBI31s", 26),
    T.SYSTEM_CLOCK: Layout(o.SystemClock, "<BB6s", 1, timed=True),
    T.DEVICE_STATE: Layout(o.DeviceState, "<B6s", 1, timed=True),
    T.DEVICE_OPERATION: Layout(o.DeviceOperation, "<BB6s", 127, timed=True),
    T.DEVICE_VERSION: Layout(o.DeviceVersion, "<BB", 1),
    T.DEVICE_CONFIGURATION: Layout(o.DeviceConfiguration, "<v", 1),
    T.DEVICE_CLOCK: Layout(o.Clock, "<6s", 1, timed=True),
    T.READ_SYSTEM_STATE: Layout(o.SystemQuery, "<BB", 102),
    T.READ_COMPONENT_STATE: Layout(o.ComponentQuery, "<BBI", 22),
    T.READ_ANALOG_VALUE: Layout(o.ComponentQuery, "<BBI", 63),
    T.READ_SYSTEM_OPERATIONS: Layout(o.SystemOperationsQuery, "<BBB6s", 1, timed=True),
    T.READ_SYSTEM_VERSION: Layout(o.SystemQuery, "<BB", 1),
    T.READ_SYSTEM_CONFIGURATION: Layout(o.SystemQuery, "<BB", 3),
    T.READ_COMPONENT_CONFIGURATION: Layout(o.ComponentQuery, "<BBI", 26),
    T.READ_SYSTEM_CLOCK: Layout(o.SystemQuery, "<BB", 1),
    T.READ_DEVICE_STATE: Layout(o.DeviceQuery, "<B", 1),
    T.READ_DEVICE_OPERATIONS: Layout(o.DeviceOperationsQuery, "<B6s", 1, timed=True),
    T.READ_DEVICE_VERSION: Layout(o.DeviceQuery, "<B", 1),
    T.READ_DEVICE_CONFIGURATION: Layout(o.DeviceQuery, "<B", 1),
    T.READ_DEVICE_CLOCK: Layout(o.DeviceQuery, "<B", 1),
    T.INITIALISE_DEVICE: Layout(o.DeviceQuery, "<B", 1),
    T.SET_DEVICE_CLOCK: Layout(o.Clock, "<6s", 1, timed=True),
    T.DUTY_CHECK: Layout(o.DutyCheck, "<B", 1),
}
