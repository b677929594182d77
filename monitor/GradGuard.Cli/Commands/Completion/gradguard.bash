# Completes gradguard in bash; in ~/.bashrc: eval "$(gradguard completion bash)"
_gradguard() {
    local line="${COMP_LINE:0:COMP_POINT}" suggestion
    [[ -n $line ]] || line="${COMP_WORDS[*]:0:COMP_CWORD+1}"
    line="${line#"${COMP_WORDS[0]}"}"
    line="${line#" "}"
    COMPREPLY=()
    while IFS= read -r suggestion; do
        COMPREPLY+=("${suggestion%$'\r'}")
    done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
}
# Where nothing is suggested, files are.
complete -o bashdefault -o default -F _gradguard gradguard
