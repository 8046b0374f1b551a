/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <libintl.h>
#include <stdlib.h>

/* Loaded before a program, this has it find the catalogues of the build, and not the installed
 * ones: $GCOAP_TEST_CATALOGUES is their folder. */

#undef bindtextdomain

char *
bindtextdomain (const char *domain,
                const char *folder)
{
  char *(*original) (const char *, const char *) = dlsym (RTLD_NEXT, "bindtextdomain");
  const char *here = getenv ("GCOAP_TEST_CATALOGUES");

  return original (domain, here != NULL ? here : folder);
}
