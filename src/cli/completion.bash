# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

# What bash offers when Tab is pressed behind "gcoap". Nothing else is needed for it.

_gcoap_commands='get put post delete fetch patch ipatch observe ping config help'
_gcoap_formats='text/plain json cbor xml link-format octet-stream senml+json senml+cbor
    json-patch+json merge-patch+json'
_gcoap_options='If-Match= Uri-Host= ETag= If-None-Match Uri-Path= Content-Format= Uri-Query=
    Hop-Limit= Accept= Block2= Block1= Size2= Proxy-Uri= Proxy-Scheme= Size1= Echo= No-Response='

# The options of a command, with a "=" where a value follows.
_gcoap_list_options() {
    local endpoint='--timeout= --config= --config-file= --verbose --help'
    local request="--accept= --option= --non-confirmable --include $endpoint"
    case $1 in
        get|delete) echo "--output= --progress $request" ;;
        put|post|fetch|patch|ipatch) echo "--file= --format= --output= --progress $request" ;;
        observe) echo "--count= $request" ;;
        ping) echo "$endpoint" ;;
        config) echo '--list --config= --file= --help' ;;
        *) echo '--help --version' ;;
    esac
}

# _gcoap_offer WORDS CURRENT: those that begin in the same way. One that ends in "=" is not over.
_gcoap_offer() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null || true
    fi
}

_gcoap_offer_files() {
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
    compopt -o filenames 2>/dev/null || true
}

# _gcoap_list_settings PROGRAM END: their names, each with the end.
_gcoap_list_settings() {
    "$1" config 2>/dev/null | sed "s/=.*/$2/"
}

# _gcoap_offer_value PROGRAM OPTION CURRENT: false if the option has no value.
_gcoap_offer_value() {
    case $2 in
        --file|--output|--config-file|-f|-o) _gcoap_offer_files "$3" ;;
        --accept|--format|-a|-t) _gcoap_offer "$_gcoap_formats" "$3" ;;
        --option|-O) _gcoap_offer "$_gcoap_options" "$3" ;;
        --config|-c) _gcoap_offer "$(_gcoap_list_settings "$1" =)" "$3" ;;
        --timeout|--count|-T) COMPREPLY=() ;;
        *) return 1 ;;
    esac
}

# _gcoap_offer_operand PROGRAM COMMAND CURRENT
_gcoap_offer_operand() {
    case $2 in
        help) _gcoap_offer "$_gcoap_commands" "$3" ;;
        config) _gcoap_offer "$(_gcoap_list_settings "$1" '')" "$3" ;;
        *)
            mapfile -t COMPREPLY < <(compgen -A hostname -- "$3")
            compopt -o nospace 2>/dev/null || true
            ;;
    esac
}

# _gcoap_offer_word PROGRAM COMMAND PREVIOUS CURRENT
_gcoap_offer_word() {
    _gcoap_offer_value "$1" "$3" "$4" && return
    if [[ $4 == -* ]]; then
        _gcoap_offer "$(_gcoap_list_options "$2")" "$4"
    else
        _gcoap_offer_operand "$1" "$2" "$4"
    fi
}

_gcoap() {
    local command=${COMP_WORDS[1]} current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}

    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _gcoap_offer "$_gcoap_commands $(_gcoap_list_options '')" "$current"
        return
    fi

    # "--file=x" comes as three words. Behind the "=" of other words there is nothing to offer.
    if [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $current == = ]]; then
        current=
    else
        _gcoap_offer_word "$1" "$command" "$previous" "$current"
        return
    fi
    [[ $previous != --* ]] || _gcoap_offer_value "$1" "$previous" "$current" || true
}

complete -F _gcoap gcoap
