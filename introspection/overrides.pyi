# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

# The part of the stubs that is written by hand: what introspection/gi/overrides adds.

import asyncio
import os
import sys
from typing import (
    Any,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    List,
    Mapping,
    Optional,
    Tuple,
    TypeVar,
    Union,
)

from gi.repository import Gio, GLib, GObject

_T = TypeVar("_T")
_Data = Union[str, bytes, bytearray, memoryview, GLib.Bytes]
_MethodName = Union[str, int]
_OptionName = Union[str, int]
_OptionValue = Union[None, bool, int, _Data]
_OptionValues = Union[_OptionValue, List[_OptionValue], Tuple[_OptionValue, ...]]
_Options = Union[
    Mapping[Any, Any], Iterable[Union[Tuple[_OptionName, _OptionValues], "Option"]]
]
_Path = Union[str, "os.PathLike[str]", Gio.File]
_Progress = Callable[[int, Optional[int]], object]
_Result = Union[None, _Data, Tuple[Union[str, int], Optional[_Data]], "Response"]
_Handler = Callable[["Request"], Union[_Result, Awaitable[_Result]]]
_H = TypeVar("_H", bound=_Handler)

class _DataAttribute:
    def __get__(self, instance: object, owner: object) -> bytes: ...
    def __set__(self, instance: object, value: Optional[_Data]) -> None: ...

class _EtagAttribute:
    def __get__(self, instance: object, owner: object) -> Optional[bytes]: ...
    def __set__(self, instance: object, value: Optional[_Data]) -> None: ...

class _ContentFormatAttribute:
    def __get__(self, instance: object, owner: object) -> Optional[int]: ...
    def __set__(self, instance: object, value: Union[int, str, None]) -> None: ...

class _CodeAttribute:
    def __get__(self, instance: object, owner: object) -> str: ...
    def __set__(self, instance: object, value: Union[str, int, None]) -> None: ...

class _OptionsAttribute:
    def __get__(self, instance: object, owner: object) -> Gio.ListStore: ...
    def __set__(self, instance: object, value: Optional[_Options]) -> None: ...

class CoapError(GLib.Error):
    number: Error
    code: int
    message: str
    domain: str
    def __init__(self, message: str = ...) -> None: ...

class InvalidUriError(CoapError): ...
class InvalidOptionError(CoapError): ...
class InvalidBlockError(CoapError): ...
class MalformedMessageError(CoapError): ...
class TimedOutError(CoapError): ...
class RejectedError(CoapError): ...
class InvalidRequestIdError(CoapError): ...
class InvalidResponseCodeError(CoapError): ...
class ResetError(CoapError): ...

class ResponseError(CoapError):
    response: Optional[Message]
    def __init__(self, message: str = ..., response: Optional[Message] = ...) -> None: ...

class NotObservableError(CoapError): ...
class CanceledError(CoapError): ...
class WrongModeError(CoapError): ...

class EventLoop(asyncio.SelectorEventLoop):
    def __init__(self, context: Optional[GLib.MainContext] = ...) -> None: ...

if sys.version_info < (3, 14):
    class EventLoopPolicy(asyncio.DefaultEventLoopPolicy): ...

def run(main: Coroutine[Any, Any, _T], *, debug: Optional[bool] = ...) -> _T: ...

class Response:
    payload: Optional[_Data]
    code: Union[str, int, None]
    content_format: Union[int, str, None]
    etag: Optional[_Data]
    options: Optional[_Options]
    location: Optional[str]
    file: Optional[_Path]
    def __init__(
        self,
        payload: Optional[_Data] = ...,
        code: Union[str, int, None] = ...,
        content_format: Union[int, str, None] = ...,
        etag: Optional[_Data] = ...,
        options: Optional[_Options] = ...,
        location: Optional[str] = ...,
        file: Optional[_Path] = ...,
    ) -> None: ...

class Endpoint(GObject.Object):
    def __init__(
        self,
        *,
        local_host: str = ...,
        local_port: int = ...,
        request_content_format: Union[int, str, None] = ...,
        request_data: Optional[_Data] = ...,
        request_etag: Optional[_Data] = ...,
        request_options: Optional[_Options] = ...,
        response_code: Union[str, int, None] = ...,
        response_content_format: Union[int, str, None] = ...,
        response_data: Optional[_Data] = ...,
        response_etag: Optional[_Data] = ...,
        response_options: Optional[_Options] = ...,
        response_stream: Optional[Gio.InputStream] = ...,
        timeout: int = ...,
        use_confirmable_messages: bool = ...,
    ) -> None: ...
    request_options: _OptionsAttribute
    response_options: _OptionsAttribute
    response_code: _CodeAttribute
    request_text: Optional[str]
    response_text: Optional[str]
    def set_request_data(self, data: Optional[_Data] = ...) -> None: ...
    def set_request_etag(self, etag: Optional[_Data] = ...) -> None: ...
    def set_response_data(self, data: Optional[_Data] = ...) -> None: ...
    def set_response_etag(self, etag: Optional[_Data] = ...) -> None: ...
    async def request(
        self,
        method: _MethodName,
        uri: str,
        payload: Optional[_Data] = ...,
        *,
        content_format: Union[int, str, None] = ...,
        options: Optional[_Options] = ...,
        confirmable: Optional[bool] = ...,
        timeout: Optional[float] = ...,
        check: bool = ...,
    ) -> Message: ...
    async def send(
        self, message: Message, *, timeout: Optional[float] = ..., check: bool = ...
    ) -> Message: ...
    def request_with_callback(
        self,
        method: _MethodName,
        uri: str,
        callback: Callable[[Optional[Message], Optional[GLib.Error]], object],
        payload: Optional[_Data] = ...,
        *,
        content_format: Union[int, str, None] = ...,
        options: Optional[_Options] = ...,
        confirmable: Optional[bool] = ...,
        timeout: Optional[float] = ...,
    ) -> Gio.Cancellable: ...
    async def download(
        self,
        uri: str,
        target: Union[_Path, Gio.OutputStream],
        *,
        progress: Optional[_Progress] = ...,
        timeout: Optional[float] = ...,
        check: bool = ...,
    ) -> Message: ...
    async def upload(
        self,
        uri: str,
        source: Union[_Path, Gio.InputStream, bytes, bytearray, memoryview, GLib.Bytes],
        *,
        content_format: Union[int, str, None] = ...,
        progress: Optional[_Progress] = ...,
        timeout: Optional[float] = ...,
        check: bool = ...,
    ) -> Message: ...
    def observe(
        self,
        uri: str,
        payload: Optional[_Data] = ...,
        *,
        method: _MethodName = ...,
        content_format: Union[int, str, None] = ...,
        options: Optional[_Options] = ...,
    ) -> Observation: ...
    def route(
        self,
        path: str,
        methods: Union[_MethodName, Iterable[_MethodName]] = ...,
        *,
        observable: bool = ...,
    ) -> Callable[[_H], _H]: ...
    def remove_route(self, path: str) -> None: ...
    def notify_observers(self, path: str, value: _Result = ...) -> None: ...

class Message(GObject.GBoxed):
    payload: _DataAttribute
    content_format: _ContentFormatAttribute
    confirmable: bool
    text: Optional[str]
    @property
    def code(self) -> str: ...
    @property
    def etag(self) -> Optional[bytes]: ...
    @property
    def is_success(self) -> bool: ...
    @property
    def location(self) -> Optional[str]: ...
    @property
    def max_age(self) -> int: ...
    @property
    def options(self) -> List[Option]: ...
    @property
    def token(self) -> Optional[bytes]: ...
    @property
    def uri(self) -> Optional[str]: ...
    def raise_for_code(self) -> Message: ...
    def set_payload(self, payload: Optional[_Data] = ...) -> None: ...
    def set_token(self, token: Optional[_Data] = ...) -> bool: ...
    def add_option(self, number: int, value: Optional[_Data] = ...) -> bool: ...

class Observation(GObject.Object):
    def __aiter__(self) -> AsyncIterator[Message]: ...

class Option(GObject.Object):
    def __init__(
        self,
        *,
        number: int = ...,
        value: Optional[str] = ...,
        bytes: Optional[_Data] = ...,
        value_type: OptionValueType = ...,
    ) -> None: ...
    @staticmethod
    def new_from_bytes(number: int, value: Optional[_Data]) -> Option: ...
    def set_bytes(self, value: Optional[_Data]) -> None: ...

class Request(GObject.Object):
    @property
    def text(self) -> Optional[str]: ...
    def validate(self, etag: Optional[_Data] = ...) -> Optional[str]: ...
