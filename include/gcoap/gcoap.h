/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define GCOAP_INSIDE
#include <gcoap/gcoap-version.h>
#include <gcoap/gcoap-statistics.h>
#include <gcoap/gcoap-types.h>
#include <gcoap/gcoap-code.h>
#include <gcoap/gcoap-config-setting.h>
#include <gcoap/gcoap-content-format.h>
#include <gcoap/gcoap-endpoint.h>
#include <gcoap/gcoap-enum-types.h>
#include <gcoap/gcoap-error.h>
#include <gcoap/gcoap-message.h>
#include <gcoap/gcoap-notification.h>
#include <gcoap/gcoap-observation.h>
#include <gcoap/gcoap-observer.h>
#include <gcoap/gcoap-option-number.h>
#include <gcoap/gcoap-option.h>
#include <gcoap/gcoap-request.h>
#undef GCOAP_INSIDE
