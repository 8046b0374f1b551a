# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The node-coap side of the tests."""

import gcoapcase
from gcoapcase import GCoapCase
from peers import NodeClient, NodeServer, install_node_modules


class NodeCase(GCoapCase):
    """Scripts of node-coap that end with the test."""

    @classmethod
    def setUpClass(cls):
        cls.modules = install_node_modules(gcoapcase.builddir)

    def end_script(self, script):
        script.close()
        try:
            self.wait_until(lambda: script.is_over, "the end of a script")
        finally:
            script.kill()

    def start_server(self, host="127.0.0.1"):
        server = NodeServer(self.modules, host)
        self.addCleanup(self.end_script, server)
        self.wait_until(lambda: server.port or server.is_over, "the port of a script")
        self.assertFalse(server.is_over, "node-server.js did not start")
        return server

    def start_client(self, family="udp4"):
        client = NodeClient(self.modules, family)
        self.addCleanup(self.end_script, client)
        return client
