# Finds relative links in Markdown files that lead nowhere; the exit code is 1 when there are any.
#   check-links.ps1 [FOLDER]
param([string]$Folder = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..')))

$dag = New-Dag check-links {
    Add-DagNode files {
        [OutputType([string[]])] param([string]$Folder)
        [IO.Directory]::EnumerateFiles($Folder, '*.md', 'AllDirectories') |
            Where-Object { $_ -notmatch '[\\/](bin|obj|\.git|artifacts|node_modules)[\\/]' }
    }

    Add-DagNode check -After files -Flatten -Map {
        [OutputType([string[]])] param([string]$File)
        # What stands in code is an example, not a link.
        $text = [regex]::Replace([IO.File]::ReadAllText($File), '(?s)```.*?```|`[^`\n]*`', '')
        foreach ($link in [regex]::Matches($text, '\]\(([^)\s]+)(?:\s+"[^"]*")?\)')) {
            $target = ($link.Groups[1].Value -split '#')[0]
            if (-not $target -or $target -match '^[a-zA-Z][a-zA-Z0-9+.-]*:') { continue }
            $path = [IO.Path]::Combine([IO.Path]::GetDirectoryName($File), [Uri]::UnescapeDataString($target))
            if (-not [IO.File]::Exists($path) -and -not [IO.Directory]::Exists($path)) { "${File}: $target" }
        }
    }
}

$run = $dag | Invoke-Dag -SourceInput @{ Folder = $Folder } -NoProvenance -ErrorAction Stop
$broken = @($run.Outputs['check'])
$broken
'{0} broken links' -f $broken.Count
if ($broken.Count -gt 0) { exit 1 }
