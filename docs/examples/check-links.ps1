<#
Finds relative links in Markdown that lead nowhere: to a file or folder that does not exist, or to a heading that the file does
not have. Checks every document of this repository, or the given files and folders. Exits with 1 if it finds any.

    pwsh docs/examples/check-links.ps1
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments)] [string[]] $Path,
    [string] $DatabasePath
)

if (-not (Get-Module Lythonic.Dag)) {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Lythonic.Dag.psd1')) -ErrorAction Stop
}

if (-not $Path) { $Path = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..')) }
$current = $PWD.ProviderPath
$Path = @(foreach ($item in $Path) { [IO.Path]::GetFullPath($item, $current) })

# The lines of a document without code. Fenced blocks and code spans are blanked, so that line numbers stay the same.
function Get-ProseLine([string] $File) {
    $fence = ''
    foreach ($line in [IO.File]::ReadAllLines($File)) {
        if ($line -match '^\s*(`{3,}|~{3,})') {
            $mark = $Matches[1].Substring(0, 3)
            if (-not $fence) { $fence = $mark } elseif ($fence -eq $mark) { $fence = '' }
            ''
        }
        elseif ($fence) { '' }
        else { $line }
    }
}

# The anchors that a renderer makes of the headings: lower case, no punctuation, hyphens for spaces, numbered if repeated.
function Get-Anchor([string] $File) {
    $seen = @{}
    foreach ($line in Get-ProseLine $File) {
        if ($line -notmatch '^\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$') { continue }
        $text = [regex]::Replace($Matches[1], '!?\[([^\]]*)\]\([^)]*\)', '$1').ToLowerInvariant()
        $anchor = [regex]::Replace($text, '[^\p{L}\p{Nd}_\- ]', '').Replace(' ', '-')
        if ($seen.ContainsKey($anchor)) { "$anchor-$($seen[$anchor])" } else { $anchor }
        $seen[$anchor]++
    }
}

$checkFile = New-Dag check-file -Function Get-ProseLine, Get-Anchor {
    Add-DagNode links {
        [OutputType([object[]])]
        param([string] $File)
        $number = 0
        foreach ($line in Get-ProseLine $File) {
            $number++
            $prose = [regex]::Replace($line, '`[^`]*`', '')
            $inline = [regex]::Matches($prose, '\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)')
            $reference = [regex]::Matches($prose, '^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?')
            foreach ($match in @($inline) + @($reference)) {
                [pscustomobject]@{ File = $File; Line = $number; Target = $match.Groups[1].Value }
            }
        }
    }

    Add-DagNode broken -After links {
        [OutputType([object[]])]
        param([object[]] $Links)
        foreach ($link in $Links) {
            if ($link.Target -match '^([a-z][a-z0-9+.-]*:|//)') { continue }
            $file, $anchor = $link.Target.Split('#', 2)
            $full = if ($file) {
                [IO.Path]::GetFullPath([Uri]::UnescapeDataString($file), [IO.Path]::GetDirectoryName($link.File))
            }
            else { $link.File }

            if (-not [IO.Path]::Exists($full)) { $link; continue }
            if ($anchor -and $full -like '*.md' -and @(Get-Anchor $full) -notcontains [Uri]::UnescapeDataString($anchor)) { $link }
        }
    }
}

$checkLinks = New-Dag check-links {
    Add-DagNode files {
        [OutputType([string[]])]
        param([string[]] $Path)
        $skip = '[\\/](\.git|bin|obj|lib|artifacts|node_modules)[\\/]'
        foreach ($item in $Path) {
            if (-not [IO.Directory]::Exists($item)) { $item; continue }
            $files = [IO.Directory]::GetFiles($item, '*.md', [IO.SearchOption]::AllDirectories)
            [array]::Sort($files, [StringComparer]::Ordinal)
            foreach ($file in $files) {
                if ($file.Substring($item.Length) -notmatch $skip) { $file }
            }
        }
    }

    Add-DagNode broken -Map $checkFile -Flatten -After files
}

$options = @{ SourceInput = @{ Path = $Path }; ErrorAction = 'Stop' }
if ($DatabasePath) { $options.DatabasePath = $DatabasePath }
$run = Invoke-Dag $checkLinks @options

$broken = @($run.Outputs['broken'])
foreach ($link in $broken) {
    "$([IO.Path]::GetRelativePath($current, $link.File)):$($link.Line): $($link.Target) leads nowhere"
}
$files = @(@($run.Nodes | Where-Object Label -eq 'files')[0].Output).Count
"$files files, $($broken.Count) broken links"
if ($broken.Count) { exit 1 }
