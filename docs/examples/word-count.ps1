# Counts the words of Markdown files: list the files, read and count each of them at the same time, add the counts up.
#   word-count.ps1 [PATH …] [-Top N] [-DatabasePath FILE]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments)] [string[]]$Path,
    [int]$Top = 10,
    [string]$DatabasePath
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Lythonic.Dag)) {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Lythonic.Dag.psd1')) -ErrorAction Stop
}

if (-not $Path) { $Path = @([IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))) }

$dag = New-Dag word-count {
    Add-DagNode files {
        [OutputType([string[]])] param([string[]]$Path)
        foreach ($item in $Path) {
            if ([IO.File]::Exists($item)) { [IO.Path]::GetFullPath($item); continue }
            [IO.Directory]::EnumerateFiles($item, '*.md', 'AllDirectories') |
                Where-Object { $_ -notmatch '[\\/](bin|obj|\.git|artifacts|node_modules)[\\/]' }
        }
    }

    Add-DagNode count -After files -Map {
        param([string]$File)
        $counts = @{}
        foreach ($word in [regex]::Matches([IO.File]::ReadAllText($File).ToLowerInvariant(), "\p{L}[\p{L}'-]+")) {
            $counts[$word.Value]++
        }
        $counts
    }

    Add-DagNode top -After count -Parameter @{ Top = $Top } {
        param([hashtable[]]$Counts, [int]$Top)
        $total = @{}
        foreach ($file in $Counts) { foreach ($word in $file.Keys) { $total[$word] += $file[$word] } }
        $sorted = [Linq.Enumerable]::OrderByDescending([object[]]@($total.GetEnumerator()), [Func[object, int]] { $args[0].Value })
        $sorted = [Linq.Enumerable]::ThenBy($sorted, [Func[object, string]] { $args[0].Key })
        foreach ($entry in [Linq.Enumerable]::Take($sorted, $Top)) { [pscustomobject]@{ Word = $entry.Key; Count = $entry.Value } }
    }
}

$options = @{}
if ($DatabasePath) { $options.DatabasePath = $DatabasePath }
$run = $dag | Invoke-Dag -SourceInput @{ Path = $Path } @options

foreach ($entry in $run.Outputs['top']) { '{0,7}  {1}' -f $entry.Count, $entry.Word }
''
'{0} files, run {1} {2} in {3:0} ms' -f @($run.Nodes | Where-Object Label -eq 'files')[0].Output.Count, $run.RunId, $run.Status, $run.Duration.TotalMilliseconds
