# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the command says of itself and of wrong usage: test-command-usage.py PROGRAM VERSION"""

import re
import shlex
import sys
import unittest

from bindings_fixture import GCoap
from command_fixture import FAILURE, SUCCESS, USAGE, CommandTest

version = sys.argv[2]

COMMANDS = ("get", "put", "post", "delete", "fetch", "patch", "ipatch", "observe", "ping", "config")
WIDTH = 80

HINT = '\n"gcoap {} --help" tells what is possible.'
FORMATS = (
    'is no content format: it must be a number from 0 to 65535, or a media type that has one, such '
    'as "text/plain", "application/json" or "json"'
)
TIMES = "is no timeout: it must be a number of seconds from 0.001 to 86400"
COUNTS = "is no count: it must be a whole number from 1 to 2147483647"
UINTS = "must be a whole number from 0 to 4294967295"
BYTES = "must be pairs of hexadecimal digits, such as 0x12ab"
SCHEME = 'is not valid: it does not start with "coap://"'

# What is wrong with the command line.
WRONG = (
    (("get",), "An argument is missing; it should be: gcoap get URI"),
    (("observe",), "An argument is missing; it should be: gcoap observe URI"),
    (("put",), "An argument is missing; it should be: gcoap put URI [PAYLOAD]"),
    (("get", "h", "x"), '"x" is one argument too many; it should be: gcoap get URI'),
    (("put", "h", "x", "y"), '"y" is one argument too many; it should be: gcoap put URI [PAYLOAD]'),
    (("config", "a", "b"), '"b" is one argument too many; it should be: gcoap config [NAME]'),
    (("get", "--none", "h"), "Unknown option --none"),
    (("ping", "-i", "h"), "Unknown option -i"),
    (("observe", "-o", "x", "h"), "Unknown option -o"),
    (("get", "-f", "x", "h"), "Unknown option -f"),
    (("get", "h", "-a"), "Missing argument for -a"),
    (("get", "-a", "none", "h"), f'"none" {FORMATS}'),
    (("get", "-a", "65536", "h"), f'"65536" {FORMATS}'),
    (("get", "-a", "-1", "h"), f'"-1" {FORMATS}'),
    (("get", "-a", "", "h"), f'"" {FORMATS}'),
    (("get", "-a", "\udcff", "h"), f'"\udcff" {FORMATS}'),
    (("put", "-t", "text/none", "h"), f'"text/none" {FORMATS}'),
    (("get", "-O", "Accept", "h"), f'"" {FORMATS}'),
    (("get", "-O", "Content-Format=no", "h"), f'"no" {FORMATS}'),
    (("get", "-O", "Max-Age", "h"), f'The value of "Max-Age" {UINTS}'),
    (("get", "-O", "14=4294967296", "h"), f'The value of "14=4294967296" {UINTS}'),
    (("get", "-O", "Max-Age=-1", "h"), f'The value of "Max-Age=-1" {UINTS}'),
    (("get", "-O", "ETag=abc", "h"), f'The value of "ETag=abc" {BYTES}'),
    (("get", "-O", "ETag=xy", "h"), f'The value of "ETag=xy" {BYTES}'),
    (("get", "-O", "65000=0xxy", "h"), f'The value of "65000=0xxy" {BYTES}'),
    (("get", "-T", "0", "h"), f'"0" {TIMES}'),
    (("get", "-T", "-1", "h"), f'"-1" {TIMES}'),
    (("get", "-T", "nan", "h"), f'"nan" {TIMES}'),
    (("get", "-T", "1s", "h"), f'"1s" {TIMES}'),
    (("get", "-T", "86401", "h"), f'"86401" {TIMES}'),
    (("get", "-T", "", "h"), f'"" {TIMES}'),
    (("observe", "--count", "0", "h"), f'"0" {COUNTS}'),
    (("observe", "--count", "x", "h"), f'"x" {COUNTS}'),
    (("get", "-c", "AckTimeout", "h"), '"AckTimeout" changes no setting: it must be NAME=VALUE'),
    (("put", "-f", "x", "h", "y"), "There are two payloads: it must be an argument or --file"),
    (("config", "--list", "x"), '--list shows all settings: "x" has no place beside it'),
    (("config", "AckTimeout=3"),
     '"AckTimeout=3" is no name of a setting: a change for one command is made by its option '
     "--config"),
)

# The same, where the library says so.
REFUSED = (
    (("get", ""), f'URI "" {SCHEME}'),
    (("get", "/path"), f'URI "/path" {SCHEME}'),
    (("get", "?x"), f'URI "?x" {SCHEME}'),
    (("get", "::1/x"), f'URI "::1/x" {SCHEME}'),
    (("get", "coap:"), f'URI "coap:" {SCHEME}'),
    (("get", "mailto:x"), f'URI "mailto:x" {SCHEME}'),
    (("get", "http://h/"),
     'URI "http://h/" is not valid: its scheme is "http", and only "coap" is supported'),
    (("get", "h:70000"),
     'URI "coap://h:70000" is not valid: its port is "70000", and a number from 1 to 65535 is '
     "needed"),
    (("get", "h/a b"),
     'URI "coap://h/a b" is not valid: "/a b" has a character that must be percent-encoded'),
    (("get", "-O", "If-None-Match=01", "h"),
     "The value of option If-None-Match has 1 byte: it must have 0 to 0"),
    (("get", "-a", "0", "-O", "Accept=50", "h"), "Option Accept may stand in a message only once"),
    (("put", "-t", "0", "-O", "12=50", "h"),
     "Option Content-Format may stand in a message only once"),
    (("get", "-c", "MaxRetransmit=30", "h"),
     '"30" is no value of the setting MaxRetransmit: it must be a whole number from 0 to 20'),
    (("get", "-c", "MaxRtt=3", "h"), "The setting MaxRtt can only be read"),
)


class Usage(CommandTest):
    def test_nothing(self):
        run = self.run_command()
        self.assertEqual((run.status, run.stdout), (USAGE, b""))
        self.assertIn("Usage:\n  gcoap COMMAND", run.complaint)

    def test_wrong(self):
        for arguments, complaint in WRONG:
            with self.subTest(arguments=arguments):
                self.check(arguments, USAGE,
                           complaint=f"gcoap: {complaint}{HINT.format(arguments[0])}")

    def test_refused(self):
        for arguments, complaint in REFUSED:
            with self.subTest(arguments=arguments):
                self.check(arguments, USAGE, complaint=f"gcoap: {complaint}")

    def test_command(self):
        for arguments in (("gte",), ("",), ("help", "gte"), ("--none",), ("coap://h/",)):
            complaint = (f'gcoap: There is no command "{arguments[-1]}". There are: '
                         + ", ".join((*COMMANDS, "help")))
            self.check(arguments, USAGE, complaint=complaint)

    def test_option(self):
        for name in ("None", "", "65536", "-1"):
            run = self.run_command("get", "-O", f"{name}=1", "h")
            self.assertEqual(run.status, USAGE)
            self.assertTrue(run.complaint.startswith(
                f'gcoap: There is no option "{name}". It must be a number from 0 to 65535, or one '
                "of: If-Match, Uri-Host, ETag, "))
            self.assertNotIn("Reserved", run.complaint)

    def test_setting(self):
        for arguments in (("get", "-c", "None=1", "h"), ("config", "None")):
            run = self.run_command(*arguments)
            self.assertEqual(run.status, USAGE)
            self.assertTrue(run.complaint.startswith(
                'gcoap: There is no setting "None". There are: AbsoluteTimeout, AckRandomFactor, '))

    def test_settings_file(self):
        run = self.run_command("get", "--config-file", self.folder / "none", "h")
        self.assertEqual(run.status, USAGE)
        self.assertIn("No such file", run.complaint)
        path = self.folder / "settings"
        path.write_text("[GCoap]\nAckTimeout=2\nMaxRetransmit=x\n")
        for arguments in (("get", "--config-file", path, "h"), ("config", "--file", path)):
            run = self.run_command(*arguments)
            self.assertEqual(run.status, USAGE)
            self.assertTrue(run.complaint.startswith(f'gcoap: {path}:3: "x" is no value'))


class Help(CommandTest):
    def help(self, *arguments):
        run = self.run_command(*arguments)
        self.assertEqual((run.status, run.complaint), (SUCCESS, ""))
        text = run.stdout.decode()
        self.assertLessEqual(max(map(len, text.splitlines())), WIDTH, text)
        return text

    def test_version(self):
        for word in ("--version", "-V", "version"):
            self.assertEqual(self.help(word), f"gcoap {version}\n")

    def test_output_that_is_full(self):
        for arguments in (("--version",), ("help",), ("help", "get"), ("get", "--help"),
                          ("config",), ("config", "--list"), ("config", "AckTimeout"),
                          ("ping", self.uri(self.make_server(), ""))):
            with self.subTest(arguments=arguments), open("/dev/full", "wb") as full:
                run = self.run_command(*arguments, stdout=full)
                self.assertEqual((run.status, run.complaint),
                                 (FAILURE, "gcoap: Cannot write: No space left on device"))

    def test_all(self):
        text = self.help("help")
        self.assertEqual(self.help("--help"), text)
        self.assertEqual(self.help("-h"), text)
        self.assertEqual(self.help("help", "help"), text)
        self.assertEqual(tuple(re.findall(r"^  (\w+)  ", text, re.M)), (*COMMANDS, "help"))

    def test_commands(self):
        for command in COMMANDS:
            text = self.help("help", command)
            self.assertEqual(self.help(command, "--help"), text)
            self.assertTrue(text.startswith(f"Usage:\n  gcoap {command} [OPTION…] "), text)
            self.assertIn(f"Examples:\n  gcoap {command} ", text)

    def test_examples(self):
        """Each of them is understood, though nobody answers."""
        for name in ("state.json", "changes.json", "firmware.bin"):
            (self.folder / name).touch()
        for command in COMMANDS[:-1]:
            for line in re.findall(r"^  gcoap (.*)$", self.help("help", command), re.M)[1:]:
                words = shlex.split(line.partition(" <")[0].replace("device.example", "localhost"))
                words[1:1] = ["-T", "0.001"]
                with self.subTest(line):
                    self.assertEqual(self.run_command(*words, cwd=self.folder).status, FAILURE)


class Config(CommandTest):
    def test_lines(self):
        endpoint = GCoap.Endpoint()
        expected = [
            f"{each.get_name()}={each.get_value()}" for each in endpoint.get_config_settings()
        ]
        run = self.run_command("config")
        self.assertEqual((run.status, run.complaint), (SUCCESS, ""))
        self.assertEqual(run.lines, expected)

    def test_one(self):
        self.check(("config", "AckTimeout"), stdout=b"2\n")
        self.check(("config", "acktimeout"), stdout=b"2\n")
        self.check(("config", "-c", "AckTimeout=3", "ExchangeLifetime"), stdout=b"270.5\n")
        (self.folder / "settings").write_text("[GCoap]\nAckTimeout=4\n")
        self.check(("config", "-f", self.folder / "settings", "AckTimeout"), stdout=b"4\n")

    def test_table(self):
        run = self.run_command("config", "--list", "-c", "MaxRetransmit=7")
        self.assertEqual((run.status, run.complaint), (SUCCESS, ""))
        self.assertLessEqual(max(map(len, run.lines)), WIDTH)
        self.assertEqual(run.lines[0].split(), ["NAME", "VALUE", "DEFAULT", "ALLOWED"])
        settings = GCoap.Endpoint().get_config_settings()
        names = [line.split()[0] for line in run.lines[1:] if not line.startswith(" ")]
        self.assertEqual(names, [each.get_name() for each in settings])

        words = " ".join(run.stdout.decode().split())
        for setting in settings:
            self.assertIn(" ".join(setting.get_description().split()), words)
        self.assertIn("MaxRetransmit 7 4 whole number, 0 to 20", words)
        self.assertIn("QOSTrafficType BestEffort BestEffort BestEffort, Background, Exc", words)
        self.assertIn("ExchangeLifetime 583 247 read only", words)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
