# Completes gradguard in fish; in ~/.config/fish/config.fish: gradguard completion fish | source
function __gradguard_suggest
    set -l line (string replace --regex '^\s*\S+\s?' '' -- (commandline --current-process --cut-at-cursor))
    set -l suggestions (gradguard "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
    # Where nothing is suggested, files are.
    if set --query suggestions[1]
        printf '%s\n' $suggestions
    else
        __fish_complete_path (commandline --current-token --cut-at-cursor)
    end
end
complete --command gradguard --no-files --arguments '(__gradguard_suggest)'
