# Completes gradguard in PowerShell; in $PROFILE: gradguard completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName gradguard -ScriptBlock {
    param($word, $command, $cursor)
    $typed = $command.ToString().PadRight($cursor - $command.Extent.StartOffset)
    $line = $typed.Substring(0, $cursor - $command.Extent.StartOffset) -replace '^\S+\s?', ''
    gradguard "[suggest:$($line.Length)]" $line 2>$null |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
