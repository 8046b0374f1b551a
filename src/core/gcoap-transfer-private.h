/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a response makes of a transfer in blocks. */
typedef enum
{
  GCOAP_TRANSFER_GOES_ON, /* the next block is to be sent, or asked for */
  GCOAP_TRANSFER_DONE,
  GCOAP_TRANSFER_BROKEN,  /* it does not fit what was there before */
} GCoapTransferVerdict;
