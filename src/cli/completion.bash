# For bash 4 and later: source <(refrain completion bash)
_refrain() {
  local current=${COMP_WORDS[COMP_CWORD]} path= word
  local -i at
  local -a rows
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    if [[ $word == -- ]]; then
      # The rest is another command's line.
      COMPREPLY=($(compgen -c -- "$current") $(compgen -f -- "$current"))
      return
    fi
    [[ $word != -* && -n $(_refrain_rows "$path/$word") ]] && path+=/$word
  done
  mapfile -t rows < <(_refrain_rows "$path")
  COMPREPLY=($(compgen -W "${rows[*]%%:*}" -- "$current"))
  [[ ${#COMPREPLY[@]} -gt 0 || $current == -* ]] || COMPREPLY=($(compgen -f -- "$current"))
}

complete -o bashdefault -F _refrain refrain
