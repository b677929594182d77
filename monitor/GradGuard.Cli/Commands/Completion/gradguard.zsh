# Completes gradguard in zsh; in ~/.zshrc, behind compinit: eval "$(gradguard completion zsh)"
_gradguard() {
    local line="${(j: :)words[2,CURRENT]}"
    local -a suggestions=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
    # Where nothing is suggested, files are.
    if [[ -n "$suggestions" ]]; then compadd -a suggestions; else _files; fi
}
compdef _gradguard gradguard
