/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The bytes that pairs of hexadecimal digits stand for; spaces between the pairs are free. */
GBytes *hex_to_bytes (const char *hex);
