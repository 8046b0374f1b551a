# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Requests by the command, with servers of this process: test-command-request.py PROGRAM"""

import array
import fcntl
import os
import signal
import sys
import termios
import unittest

from bindings_fixture import GCoap, GLib, Peer
from command_fixture import ERROR_RESPONSE, FAILURE, SUCCESS, CommandTest, program

ACK = GCoap.MessageType.ACK
CONTENT = GCoap.Code.CONTENT
BINARY = bytes(range(256))
LARGE = os.urandom(300_000)

# The first block of more: Block2 with number 0, the flag and a size of 1024.
FIRST_BLOCK = b"\xd1\x0a\x0e\xff" + bytes(1024)
LAST_BLOCK = b"\xd1\x0a\x16\xff"  # with number 1, in front of its payload

CODES = {"get": "2.05", "fetch": "2.05", "post": "2.01", "delete": "2.02"}


def bytes_of(value):
    return (value.get_data() or b"") if value is not None else b""


def read_state(pid):
    """S is asleep: what a program does that waits for the other end of a pipe."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0]


def count_bytes(pipe):
    """What there is to be read from it."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


class RequestTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.seen = []
        self.response = {}
        self.server = self.make_server()
        self.server.connect("request", self.request_cb)

    def request_cb(self, server, request):
        """Remembers the request, and answers with the method, or as the test says."""
        method = GCoap.code_get_name(request.get_method()).lower()
        self.seen.append((
            method, bytes_of(request.get_payload()), request.get_content_format(),
            [(each.get_number(), bytes_of(each.dup_bytes())) for each in request.get_options()],
        ))
        server.set_response_code(CODES.get(method, "2.04"))
        server.set_response_text(method)
        for name, value in self.response.items():
            getattr(server, f"set_response_{name}")(value)

    @property
    def path(self):
        return self.uri(self.server, "a/b")

    def values(self, number):
        return [value for each, value in self.seen[-1][3] if each == number]


class Requests(RequestTest):
    def test_methods(self):
        for method in ("get", "delete"):
            self.check((method, self.path), stdout=method.encode())
            self.assertEqual(self.seen[-1][:3], (method, b"", -1))
        for method in ("put", "post", "fetch", "patch", "ipatch"):
            self.check((method, self.path, "é"), stdout=method.encode())
            self.assertEqual(self.seen[-1][:3], (method, "é".encode(), -1))
            self.check((method, self.path), stdout=method.encode())
            self.assertEqual(self.seen[-1][1], b"")

    def test_uri_without_scheme(self):
        port = self.server.props.local_port
        for uri in (f"127.0.0.1:{port}/a/b?q=http://x", f"COAP://127.0.0.1:{port}/a/b?q=http://x"):
            self.check(("get", uri), stdout=b"get")
            self.assertEqual(self.values(GCoap.OptionNumber.URI_PATH), [b"a", b"b"])
            self.assertEqual(self.values(GCoap.OptionNumber.URI_QUERY), [b"q=http://x"])
        self.check(("get", f"127.0.0.1:{port}"), stdout=b"get")
        self.check(("get", f"127.0.0.1:{port}?x"), stdout=b"get")

    def test_uri_that_is_not_ascii(self):
        port = self.server.props.local_port
        for start in ("", "coap://"):
            self.check(("get", f"{start}127.0.0.1:{port}/Küche/a%20b?raum=süd"), stdout=b"get")
            self.assertEqual(self.values(GCoap.OptionNumber.URI_PATH), ["Küche".encode(), b"a b"])
            self.assertEqual(self.values(GCoap.OptionNumber.URI_QUERY), ["raum=süd".encode()])

    def test_payload_that_looks_like_an_option(self):
        for payload in ("-5", "--help", "--", "-"):
            self.check(("put", self.path, "--", payload), stdout=b"put")
            self.assertEqual(self.seen[-1][1], payload.encode())

    def test_payload_of_any_bytes(self):
        run = self.run_command("put", self.path, os.fsdecode(b"\xff\x01"))
        self.assertEqual((run.status, self.seen[-1][1]), (SUCCESS, b"\xff\x01"))

    def test_standard_input(self):
        for method in ("put", "post"):
            for body in (b"", BINARY, LARGE):
                with self.subTest(method, size=len(body)):
                    self.check((method, "-f", "-", self.path), stdin=body, stdout=method.encode())
                    self.assertEqual(self.seen[-1][1], body)

    def test_binary_output(self):
        for body in (b"", b"\0", BINARY, b"line\n", LARGE):
            self.response["data"] = GLib.Bytes(body)
            for options in ((), ("-n",), ("-p",)):
                self.check(("get", *options, self.path), stdout=body)

    def test_content_formats(self):
        for text, number in (
            ("0", 0), ("65535", 65535), ("text/plain", 0), ("JSON", 50), ("application/json", 50),
            ("text/plain;charset=utf-8", 0), ("senml+cbor", 112),
        ):
            self.check(("put", "-t", text, "-a", text, self.path, "x"), stdout=b"put")
            self.assertEqual(self.seen[-1][2], number)
            self.assertEqual(
                int.from_bytes(self.values(GCoap.OptionNumber.ACCEPT)[0], "big"), number
            )

    def test_options(self):
        for text, number, value in (
            ("Uri-Query=a=1", 15, b"a=1"), ("uri-query=é", 15, "é".encode()), ("15=x", 15, b"x"),
            ("Uri-Query=0x41", 15, b"0x41"), ("If-Match=0x12AB", 1, b"\x12\xab"),
            ("If-Match=12ab", 1, b"\x12\xab"), ("If-Match", 1, b""), ("If-None-Match", 5, b""),
            ("Accept=json", 17, b"\x32"), ("Accept=50", 17, b"\x32"), ("Size1=256", 60, b"\1\0"),
            ("65000=0x0041", 65000, b"\0A"), ("65000=text", 65000, b"text"), ("65000", 65000, b""),
        ):
            with self.subTest(text):
                self.check(("get", "-O", text, self.path), stdout=b"get")
                self.assertIn(value, self.values(number))

    def test_repeated_options(self):
        self.check(("get", "-O", "Uri-Query=1", "--option", "Uri-Query=2", self.path + "?0"),
                   stdout=b"get")
        self.assertEqual(self.values(GCoap.OptionNumber.URI_QUERY), [b"0", b"1", b"2"])

    def test_non_confirmable(self):
        peer = Peer(self)
        run = self.start("get", "-n", peer.uri)
        request = peer.receive()
        self.assertEqual(request.type, GCoap.MessageType.NON)
        peer.answer(request, GCoap.MessageType.NON, CONTENT, b"\0\1", request.token, b"\xffyes")
        self.assertEqual((run.wait().status, run.stdout), (SUCCESS, b"yes"))

    def test_settings(self):
        (self.folder / "settings").write_text("[GCoap]\nBlockSize=32\n")
        for arguments, size in (
            (("-c", "BlockSize=64"), 64),
            (("--config-file", self.folder / "settings"), 32),
            (("--config-file", self.folder / "settings", "-c", "BlockSize=128"), 128),
        ):
            self.check(("get", *arguments, self.path), stdout=b"get")
            block, = self.values(GCoap.OptionNumber.BLOCK2)
            self.assertEqual(16 << (block[0] & 7), size)

    def test_verbose(self):
        run = self.run_command("put", "-v", self.path, "secret")
        self.assertEqual((run.status, run.stdout), (SUCCESS, b"put"))
        self.assertRegex(run.complaint, r"^-> 127\.0\.0\.1:\d+ CON 0\.03 PUT, .*\n<- .* ACK 2\.04")
        self.assertNotIn("secret", run.complaint)
        self.assertIn("secret", self.run_command("put", "-vv", self.path, "secret").complaint)
        masked = self.run_command("put", "-vv", "-c", "MaskSensitive=True", self.path, "secret")
        self.assertNotIn("secret", masked.complaint)


class Responses(RequestTest):
    def test_include(self):
        self.response.update(code="2.05", content_format=50, etag=GLib.Bytes(b"\x12\xab"))
        head = b"2.05 Content\nETag: 0x12ab\nContent-Format: 50 (application/json)\n"
        self.check(("get", "-i", self.path), stdout=head + b"\nget")
        self.response["data"] = GLib.Bytes(b"")
        self.check(("get", "-i", self.path), stdout=head)

    def test_errors(self):
        for response, text in (
            ({"code": "4.04", "text": ""}, "4.04 Not Found"),
            ({"code": "4.04", "text": "no ünit"}, "4.04 Not Found: no ünit"),
            ({"code": "5.03", "text": "a\nb\x1b[1m\x7f"},
             r"5.03 Service Unavailable: a\nb\x1b[1m\x7f"),
            ({"code": "4.29", "text": "x", "content_format": 0}, "4.29 Too Many Requests: x"),
            ({"code": "4.31", "text": "{}", "content_format": 50},
             "4.31: application/json, 2 bytes"),
            ({"code": "4.00", "text": "{}", "content_format": 9},
             "4.00 Bad Request: content format 9, 2 bytes"),
        ):
            with self.subTest(text):
                self.response = response
                self.check(("get", self.path), ERROR_RESPONSE, complaint="gcoap: " + text)

    def test_error_with_head(self):
        self.response.update(code="4.04", text="no unit")
        self.check(("get", "-i", self.path), ERROR_RESPONSE, b"4.04 Not Found\n\nno unit",
                   "gcoap: 4.04 Not Found: no unit")

    def test_terminal(self):
        self.assertEqual(self.read_terminal("get", self.path), "get\n")
        self.response["text"] = "line\n"
        self.assertEqual(self.read_terminal("get", self.path), "line\n")
        self.response["text"] = ""
        self.assertEqual(self.read_terminal("put", self.path, "x"), "2.04 Changed\n")

    def test_location_on_terminal(self):
        self.response.update(code="2.01", text="")
        self.server.connect(
            "request", lambda server, _: server.set_response_location("/made/7?x=1")
        )
        self.assertEqual(self.read_terminal("post", self.path), "2.01 Created /made/7?x=1\n")
        self.check(("post", self.path), stdout=b"")

    def test_output_that_is_full(self):
        for options in ((), ("-n",), ("-i",)):
            with open("/dev/full", "wb") as full:
                run = self.run_command("get", *options, self.path, stdout=full)
            self.assertEqual(run.status, FAILURE)
            self.assertIn("No space left", run.complaint)

    def test_output_that_nobody_reads(self):
        for options in ((), ("-n",), ("-i",)):
            ends = os.pipe()
            os.close(ends[0])
            run = self.run_command("get", *options, self.path, stdout=ends[1])
            os.close(ends[1])
            self.assertEqual((run.status, run.complaint), (128 + signal.SIGPIPE, ""))


class Files(RequestTest):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "file"

    def test_get(self):
        for body in (b"", BINARY, LARGE):
            for options in ((), ("-a", "json"), ("-n",)):
                with self.subTest(size=len(body), options=options):
                    self.response["data"] = GLib.Bytes(body)
                    self.file.write_text("old")
                    self.check(("get", *options, "-o", self.file, self.path))
                    self.assertEqual(self.file.read_bytes(), body)
                    self.assertEqual(self.names(), ["file"])

    def test_put(self):
        for body in (b"", BINARY, LARGE):
            for options in ((), ("-O", "If-None-Match"), ("-n",)):
                for method in ("put", "post"):
                    with self.subTest(method, size=len(body), options=options):
                        self.file.write_bytes(body)
                        arguments = (*options, "-t", "42", "--file", self.file)
                        self.check((method, *arguments, self.path), stdout=method.encode())
                        self.assertEqual(self.seen[-1][:3], (method, body, 42))

    def test_both(self):
        self.file.write_bytes(LARGE)
        self.check(("put", "-f", self.file, "-o", self.folder / "answer", self.path))
        self.assertEqual((self.folder / "answer").read_bytes(), b"put")

    def test_head(self):
        self.check(("get", "-i", "-o", self.file, self.path), stdout=b"2.05 Content\n")
        self.assertEqual(self.file.read_bytes(), b"get")

    def test_new_file(self):
        self.check(("get", "-o", self.file, self.path))
        self.assertEqual((self.file.read_bytes(), self.names()), (b"get", ["file"]))

    def test_what_is_still_good(self):
        self.file.write_text("old")
        self.response.update(code="2.03", text="")
        for arguments in ((), ("-O", "ETag=0x12")):
            self.check(("get", *arguments, "-o", self.file, self.path))
            self.assertEqual((self.file.read_text(), self.names()), ("old", ["file"]))

    def test_permissions_stay(self):
        for mode in (0o600, 0o664):
            self.file.write_text("old")
            self.file.chmod(mode)
            self.check(("get", "-o", self.file, self.path))
            self.assertEqual(self.file.stat().st_mode & 0o777, mode)

    def test_link_stays(self):
        self.file.write_text("old")
        (self.folder / "link").symlink_to("file")
        self.check(("get", "-o", self.folder / "link", self.path))
        self.assertEqual(self.file.read_bytes(), b"get")
        self.assertTrue((self.folder / "link").is_symlink())

    def test_link_that_leads_nowhere(self):
        self.file.symlink_to("none")
        self.check(
            ("get", "-o", self.file, self.path), FAILURE,
            complaint=f'gcoap: Cannot open "{self.file}": "{self.file}" is a link that leads '
                      "nowhere")
        self.assertEqual((self.seen, self.names()), ([], ["file"]))

    @unittest.skipIf(os.getuid(), "only root may give files away")
    def test_owner_stays(self):
        self.file.write_text("old")
        os.chown(self.file, 12345, 23456)
        self.file.chmod(0o4640)
        self.check(("get", "-o", self.file, self.path))
        state = self.file.stat()
        self.assertEqual((state.st_uid, state.st_gid, state.st_mode & 0o7777),
                         (12345, 23456, 0o640))

    def test_device(self):
        os.mkfifo(self.file)
        reader = os.open(self.file, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.check(("get", "-o", self.file, self.path))
        self.assertEqual(os.read(reader, 100), b"get")
        self.assertTrue(self.file.is_fifo())
        self.assertEqual(self.names(), ["file"])

    def test_descriptor(self):
        for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            self.check(("get", "-o", name, self.path), stdout=b"get")
            with open(self.file, "wb") as output:
                run = self.run_command("get", "-o", name, self.path, stdout=output)
                self.assertEqual((run.status, run.complaint), (SUCCESS, ""))
                self.assertEqual(os.fstat(output.fileno()).st_ino, self.file.stat().st_ino)
            self.assertEqual((self.file.read_bytes(), self.names()), (b"get", ["file"]))

    def test_error_response(self):
        self.file.write_text("old")
        self.response.update(code="4.04", text="")
        for options in ((), ("-n",)):
            self.check(("get", *options, "-o", self.file, self.path), ERROR_RESPONSE,
                       complaint="gcoap: 4.04 Not Found")
        self.assertEqual((self.file.read_text(), self.names()), ("old", ["file"]))

    def test_files_that_cannot_be(self):
        missing = self.folder / "none" / "file"
        for arguments in (("get", "-o", missing), ("put", "-f", missing)):
            run = self.run_command(*arguments, self.path)
            self.assertEqual((run.status, run.stdout), (FAILURE, b""))
            self.assertIn(f'gcoap: Cannot open "{missing}": ', run.complaint)
        self.check(("get", "-o", self.folder, self.path), FAILURE,
                   complaint=f'gcoap: Cannot open "{self.folder}": "{self.folder}" is a folder')
        self.assertIn("directory", self.run_command("put", "-f", self.folder, self.path).complaint)
        self.assertEqual((self.seen, self.names()), ([], []))

    def test_progress(self):
        self.file.write_bytes(LARGE)
        text = self.read_terminal("put", "-p", "-f", self.file, self.path, name="stderr")
        self.assertRegex(text, r"\[#+ *\] +\d+ %  .*/ 300.0.kB")
        self.assertTrue(text.endswith("\n"))
        self.response["data"] = GLib.Bytes(LARGE)
        text = self.read_terminal("get", "-p", "-o", self.file, self.path, name="stderr")
        self.assertIn("100 %", text)
        self.check(("get", "-p", "-o", self.file, self.path))

    def begin_download(self):
        """A run that has the first block, and what the peer is then asked for."""
        peer = Peer(self)
        run = self.start("get", "-o", self.file, peer.uri)
        request = peer.receive()
        peer.answer(request, ACK, CONTENT, request.mid, request.token, FIRST_BLOCK)
        return run, peer, peer.receive()

    def test_interrupted(self):
        self.file.write_text("old")
        run, _, _ = self.begin_download()
        part, file = self.names()
        self.assertRegex(part, r"^\..*\.part$")
        self.assertEqual(file, "file")
        run.process.send_signal(signal.SIGINT)
        self.assertEqual((run.wait().status, run.complaint), (128 + signal.SIGINT, ""))
        self.assertEqual((self.file.read_text(), self.names()), ("old", ["file"]))

    def test_two_at_once(self):
        runs = [self.begin_download() for _ in range(2)]
        for last, (run, peer, request) in zip((b"1", b"22"), runs):
            peer.answer(request, ACK, CONTENT, request.mid, request.token, LAST_BLOCK + last)
            self.assertEqual((run.wait().status, run.complaint), (SUCCESS, ""))
            self.assertEqual(self.file.read_bytes(), bytes(1024) + last)
        self.assertEqual(self.names(), ["file"])

    def test_part_of_somebody_else(self):
        (self.folder / "file.part").write_text("mine")
        self.check(("get", "-o", self.file, self.path))
        self.assertEqual(((self.folder / "file.part").read_text(), self.file.read_bytes()),
                         ("mine", b"get"))


class Failures(CommandTest):
    def test_nobody_there(self):
        peer = Peer(self)
        port = peer.port
        peer.socket.close()
        self.check(("get", f"127.0.0.1:{port}/x"), FAILURE,
                   complaint=f"gcoap: coap://127.0.0.1:{port}/x: Connection refused")

    def test_unknown_host(self):
        run = self.run_command("get", "no-such-host.invalid")
        self.assertEqual((run.status, run.stdout), (FAILURE, b""))
        self.assertIn("no-such-host.invalid", run.complaint)

    def test_silence(self):
        peer = Peer(self)
        for command in ("get", "ping", "observe"):
            self.check((command, "-c", "AckTimeout=0.001", "-c", "MaxRetransmit=0", peer.uri),
                       FAILURE, complaint=f"gcoap: {peer.uri} did not answer in time")

    def test_timeout(self):
        """It says nothing of the host, which may answer well, or wait for what is to come."""
        peer = Peer(self)
        complaint = f"gcoap: {peer.uri}: not finished within the time of --timeout"
        for arguments in (("get",), ("ping",), ("observe",), ("put", "-f", "-")):
            self.check((*arguments, "-T", "0.05", peer.uri), FAILURE, complaint=complaint,
                       stdin=None)

    def test_reset(self):
        peer = Peer(self)
        run = self.start("get", peer.uri)
        peer.answer(request := peer.receive(), GCoap.MessageType.RST, 0, request.mid)
        self.assertEqual(run.wait().status, FAILURE)
        self.assertIn("Reset", run.complaint)

    def test_too_large(self):
        body = GLib.Bytes(LARGE)
        server = self.make_server(large=lambda server, _: server.set_response_data(body))
        arguments = ("get", "-c", "MaxBodySize=1000", self.uri(server, "large"))
        run = self.run_command(*arguments, "-n")
        self.assertEqual((run.status, run.stdout), (FAILURE, b""))
        self.assertIn("too large", run.complaint)
        self.check(arguments, stdout=LARGE)

    def test_too_many_blocks(self):
        peer = Peer(self)
        with open(self.folder / "file", "wb") as file:
            file.truncate((16 << 20) + 1)
        self.check(("put", "-c", "BlockSize=16", "-f", self.folder / "file", peer.uri), FAILURE,
                   complaint=f"gcoap: Cannot send to {peer.uri}: the body has more than 2^20 "
                             "blocks of BlockSize")

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for command in ("get", "ping", "observe"):
                peer = Peer(self)
                run = self.start(command, peer.uri)
                peer.receive()
                run.process.send_signal(number)
                self.assertEqual((run.wait().status, run.complaint), (128 + number, ""))

    def test_signal_that_is_ignored(self):
        """What nohup and a shell have ignored stays so; another signal has its effect."""
        peer = Peer(self)
        run = self.start("-c", 'trap "" HUP && exec "$@"', "sh", program, "get", peer.uri,
                         command="sh")
        request = peer.receive()
        run.process.send_signal(signal.SIGHUP)
        peer.answer(request, ACK, CONTENT, request.mid, request.token, b"\xffyes")
        self.assertEqual((run.wait().status, run.stdout), (SUCCESS, b"yes"))

    def test_signal_while_input_is_read(self):
        peer = Peer(self)
        run = self.start("put", "-f", "-", peer.uri, stdin=None)
        run.process.stdin.write(LARGE[:8192])
        run.process.stdin.flush()
        first = peer.receive()
        peer.answer(first, ACK, 2 << 5 | 31, first.mid, first.token, b"\xd1\x0e\x0e")
        peer.receive()
        run.process.send_signal(signal.SIGINT)
        self.assertEqual((run.wait().status, run.complaint), (128 + signal.SIGINT, ""))


class WhatBlocks(CommandTest):
    """Pipes that nobody has open at the other end, or takes anything from."""

    def setUp(self):
        super().setUp()
        self.pipe = self.folder / "pipe"
        os.mkfifo(self.pipe)

    def check_interrupted(self, run, number):
        run.process.send_signal(number)
        self.assertIn(run.wait().status, (-number, 128 + number))
        self.assertEqual(self.names(), ["pipe"])

    def test_signal_while_a_pipe_is_opened(self):
        for arguments in (("put", "-f"), ("get", "-o")):
            for number in (signal.SIGINT, signal.SIGTERM):
                run = self.start(*arguments, self.pipe, Peer(self).uri)
                while read_state(run.process.pid) not in "SZ":
                    os.sched_yield()
                self.check_interrupted(run, number)

    def test_signal_while_nobody_reads(self):
        """What is printed when all is there, and what is saved then."""
        server = self.make_server(
            large=lambda server, _: server.set_response_data(GLib.Bytes(LARGE)))
        for options in ((), ("-n",), ("-i",), ("-o", self.pipe), ("-n", "-o", self.pipe)):
            for number in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(options=options, number=number):
                    reader, writer = self.open_pipe(options)
                    run = self.start("get", *options, self.uri(server, "large"), stdout=writer)
                    while count_bytes(reader) < fcntl.fcntl(reader, fcntl.F_GETPIPE_SZ) // 2:
                        self.context.iteration(False)
                    self.check_interrupted(run, number)

    def open_pipe(self, options):
        """Both ends of what is written to."""
        if self.pipe not in options:
            ends = os.pipe()
        else:
            reader = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
            ends = (reader, os.open(self.pipe, os.O_WRONLY))
        for end in ends:
            self.addCleanup(os.close, end)
        return ends

    def test_signal_while_input_is_silent(self):
        for method in ("put", "post"):
            for number in (signal.SIGINT, signal.SIGTERM):
                run = self.start(method, "-f", self.pipe, Peer(self).uri)
                writer = os.open(self.pipe, os.O_WRONLY)
                self.addCleanup(os.close, writer)
                self.check_interrupted(run, number)

    def test_timeout_while_input_is_silent(self):
        for method in ("put", "post"):
            uri = Peer(self).uri
            run = self.start(method, "-T", "0.05", "-f", self.pipe, uri)
            writer = os.open(self.pipe, os.O_WRONLY)
            self.addCleanup(os.close, writer)
            self.assertEqual(run.wait().status, FAILURE)
            self.assertEqual(run.complaint,
                             f"gcoap: {uri}: not finished within the time of --timeout")


class Ping(CommandTest):
    def test(self):
        server = self.make_server()
        uri = self.uri(server, "")
        run = self.run_command("ping", uri)
        self.assertEqual((run.status, run.complaint), (SUCCESS, ""))
        self.assertRegex(run.stdout.decode(), rf"^{uri} answered after \d+\.\d\d ms\n$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
