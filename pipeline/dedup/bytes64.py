"""Eight bytes of a text as one number, inside kernels."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types, uint64
from numba.core import cgutils
from numba.extending import intrinsic

from pipeline.text.kernel import inline
from pipeline.text.utf8 import Data

EVERY_BIT = uint64(0xFFFFFFFFFFFFFFFF)


@intrinsic
def load_eight(_typing: Any, data: Any, at: Any) -> tuple[Any, Any]:
    """data[at:at + 8] as a little-endian uint64, in one load without regard to alignment."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = cgutils.pointer_add(builder, array.data, arguments[1])
        value = builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()))
        value.align = 1
        return value

    return types.uint64(data, types.int64), generate


@intrinsic
def trailing_zeros(_typing: Any, value: Any) -> tuple[Any, Any]:
    """How many bits stand below the lowest one of `value`, 64 if there is none."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic
def leading_zeros(_typing: Any, value: Any) -> tuple[Any, Any]:
    """How many bits stand above the highest one of `value`, 64 if there is none."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@inline
def eight_bytes(data: Data, at: int) -> np.uint64:
    """data[at:at + 8] as a little-endian number."""
    return load_eight(data, at)


@inline
def first_bytes(data: Data, at: int, count: int) -> np.uint64:
    """The first `count` (1 to 8) of the eight bytes at data[at]; up to seven bytes past the text are read."""
    return load_eight(data, at) & EVERY_BIT >> uint64(8 * (8 - count))
