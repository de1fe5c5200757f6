#!/bin/sh
# Makes the files in deploy/secrets that the compose files name. What is there already is left as it is.
#
#   deploy/secrets.sh              the bot's token, asked for or from standard input
#   deploy/secrets.sh --postgres   also a password for the database, and its address with it
#   deploy/secrets.sh --grafana    also a password for Grafana's admin
#
# SECRETS names another folder. It is closed to everybody else; the files in it are not, because each container reads its
# own by another user.
set -eu

usage() {
    echo "usage: deploy/secrets.sh [--postgres] [--grafana]" >&2
    exit 2
}

postgres='' grafana=''
for word in "$@"; do
    case $word in
    --postgres) postgres=yes ;;
    --grafana) grafana=yes ;;
    *) usage ;;
    esac
done

folder=${SECRETS:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

keep() { # NAME: standard input becomes this file, in one step
    cat >"$folder/.$1"
    chmod 444 "$folder/.$1"
    mv "$folder/.$1" "$folder/$1"
}

random() { # 48 letters of a to f and digits: nothing in it has a meaning in an address
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

token() {
    if [ -t 0 ]; then printf 'Token from @BotFather: ' >&2; fi
    IFS= read -r given || true
    case $given in
    *[!0-9A-Za-z:_-]* | *:*:* | :* | *: | '') ;;
    *:*)
        printf '%s' "$given"
        return
        ;;
    esac
    echo "deploy/secrets.sh: that is no bot token, which is a number, a colon and some thirty letters" >&2
    return 1
}

if [ ! -s "$folder/telegram_token" ]; then
    given=$(token)
    printf '%s' "$given" | keep telegram_token
fi
if [ -n "$postgres" ] && [ ! -s "$folder/database_url" ]; then
    password=$(random)
    printf '%s' "$password" | keep database_password
    printf 'postgresql://vistka:%s@database/vistka' "$password" | keep database_url
fi
if [ -n "$grafana" ] && [ ! -s "$folder/grafana_password" ]; then
    random | keep grafana_password
fi
echo "deploy/secrets.sh: ready in $folder" >&2
