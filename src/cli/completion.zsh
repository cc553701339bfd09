# For zsh: a file _refrain on its fpath, or after compinit: source <(refrain completion zsh)
_refrain() {
  local here word
  local -i at
  local -a rows
  for ((at = 2; at < CURRENT; at++)); do
    word=${words[at]}
    if [[ $word == -- ]]; then
      # The rest is another command's line.
      shift $at words
      (( CURRENT -= at ))
      _normal
      return
    fi
    [[ $word != -* && -n $(_refrain_rows "$here/$word") ]] && here+=/$word
  done
  rows=("${(@f)$(_refrain_rows "$here")}")
  _describe 'refrain' rows || _files
}

if [[ $funcstack[1] == _refrain ]]; then
  _refrain "$@"
else
  compdef _refrain refrain
fi
