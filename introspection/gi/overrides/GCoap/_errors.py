# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Exceptions: a class for each number of GCoap.Error, all of them GLib.Error."""

import functools

from gi.repository import GLib

from ...module import get_introspection_module

GCoap = get_introspection_module("GCoap")

DOMAIN = GLib.quark_to_string(GCoap.error_quark())


class CoapError(GLib.Error):
    """What goes wrong with CoAP itself; code is the number."""

    number = None

    def __init__(self, message=""):
        super().__init__(message, DOMAIN, self.number)

    def __repr__(self):
        return f"GCoap.{type(self).__name__}({self.message!r})"


class InvalidUriError(CoapError):
    """The URI does not parse, or names no resource a request can go to."""

    number = GCoap.Error.INVALID_URI


class InvalidOptionError(CoapError):
    """An option does not fit its definition."""

    number = GCoap.Error.INVALID_OPTION


class InvalidBlockError(CoapError):
    """A block-wise transfer broke."""

    number = GCoap.Error.INVALID_BLOCK


class MalformedMessageError(CoapError):
    """A datagram is no CoAP message."""

    number = GCoap.Error.MALFORMED_MESSAGE


class TimedOutError(CoapError):
    """No acknowledgement or response came in time."""

    number = GCoap.Error.TIMED_OUT


class RejectedError(CoapError):
    """The remote host says that nobody listens there."""

    number = GCoap.Error.REJECTED


class InvalidRequestIdError(CoapError):
    """No pending request has this id."""

    number = GCoap.Error.INVALID_REQUEST_ID


class InvalidResponseCodeError(CoapError):
    """The text is no response code such as "2.05"."""

    number = GCoap.Error.INVALID_RESPONSE_CODE


class ResetError(CoapError):
    """The peer answered with a Reset message."""

    number = GCoap.Error.RESET


class ResponseError(CoapError):
    """A response came, and its code is not of class 2."""

    number = GCoap.Error.ERROR_RESPONSE

    def __init__(self, message="", response=None):
        super().__init__(message)
        self.response = response  # None where the Response* properties of the endpoint hold it


class NotObservableError(CoapError):
    """The URI cannot be observed, or is not being observed."""

    number = GCoap.Error.NOT_OBSERVABLE


class CanceledError(CoapError):
    """The request was cancelled."""

    number = GCoap.Error.CANCELED


class WrongModeError(CoapError):
    """The call does not fit what the endpoint is doing now."""

    number = GCoap.Error.WRONG_MODE


CLASSES = {int(each.number): each for each in CoapError.__subclasses__()}


def translate(error):
    """The same error as an instance of the class for its number, where it has one."""
    if not isinstance(error, GLib.Error) or isinstance(error, CoapError):
        return error
    if error.domain != DOMAIN or error.code not in CLASSES:
        return error
    return CLASSES[error.code](error.message)


def translating(function):
    """The function, raising the classes above."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except GLib.Error as error:
            raise translate(error) from None

    return wrapper
