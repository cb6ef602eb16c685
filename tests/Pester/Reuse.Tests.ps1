# -Reuse, -ReuseFor and -NoReuse, as a user sees them over several cmdlets.
BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    $Log = Join-Path $TestDrive 'ran.log'
    # What code appends to the log when it runs is an effect, and no output.
    function Read-Ran { if (Test-Path $Log) { Get-Content $Log; Remove-Item $Log } }
    function Show-Node { process { "$($_.Label) $($_.Status) $($_.Output -join ',')" } }
}

AfterAll { Restore-TestSession }

Describe '-Reuse' {
    BeforeEach {
        $env:LYTHONIC_DAG_DB = New-DatabasePath
        $Ran = $Log
        $null = Read-Ran
    }

    It 'takes the output of a node run with the same code and inputs, and says from which run' {
        $dag = New-Dag same { Add-DagNode a { param($x) Add-Content $using:Ran 'a'; 2 * $x } -Reuse; Add-DagNode b { $_ + 1 } -After a }
        $first = $dag | Invoke-Dag -SourceInput @{ x = 3 }
        $second = $dag | Invoke-Dag -SourceInput @{ x = 3 }
        $second.Nodes | Show-Node | Should -Be 'a skipped 6', 'b completed 7'
        $second.Nodes['a'].ReusedFrom | Should -Be $first.RunId
        $second.Nodes['b'].ReusedFrom | Should -BeNullOrEmpty
        Read-Ran | Should -Be 'a'
    }

    It 'is in the database: skipped, with the run in which the code ran' {
        $dag = New-Dag rows { Add-DagNode a { 1 } -Reuse }
        $first = $dag | Invoke-Dag
        $second = $dag | Invoke-Dag
        $row = Invoke-StoreQuery $env:LYTHONIC_DAG_DB 'SELECT status, reused_from, output_json FROM node_executions WHERE run_id = :run' @{ run = $second.RunId }
        $row.status, $row.reused_from, $row.output_json | Should -Be 'skipped', $first.RunId, '1'
    }

    It 'keeps its output, and the name of that run, when that run is removed' {
        $text = 'x' * 100000
        $dag = New-Dag removed { Add-DagNode a { param($t) Add-Content $using:Ran 'a'; $t + 'y' } -Reuse }
        $first = $dag | Invoke-Dag -SourceInput @{ t = $text }
        $second = $dag | Invoke-Dag -SourceInput @{ t = $text }
        Remove-DagRun $first.RunId -Confirm:$false
        $read = Get-DagRun $second.RunId
        $read.Outputs['a'] | Should -Be ($text + 'y')
        $read.Nodes['a'].ReusedFrom | Should -Be $first.RunId
        $third = $dag | Invoke-Dag -SourceInput @{ t = $text }
        $third.Nodes['a'].ReusedFrom | Should -Be $first.RunId
        Read-Ran | Should -Be 'a'
    }

    Context 'of what must be the same, one thing changed' {
        BeforeAll {
            # Every case runs the same DAG twice, changes one thing, and runs it again.
            function Test-Change([scriptblock]$Make, [scriptblock]$Change) {
                . $Make | Invoke-Dag | Out-Null
                $before = (. $Make | Invoke-Dag).Nodes[-1].Status
                . $Change
                $after = (. $Make | Invoke-Dag).Nodes[-1].Status
                "$before, then $after"
            }

            # The same for the first element of a map, whose node or sub-DAG $Make gives.
            function Test-ElementChange([scriptblock]$Make, [scriptblock]$Change) {
                function Invoke-Map {
                    $dag = . $Make
                    $run = $dag | Invoke-Dag
                    if ($run.Status -ne 'completed') { throw $run.Error }
                    if ($run.Nodes['n'].ChildRuns[0].ReusedFrom) { 'reused' } else { 'completed' }
                }
                $null = Invoke-Map
                $before = Invoke-Map
                . $Change
                "$before, then $(Invoke-Map)"
            }

            $File = Join-Path $TestDrive 'in.csv'
            $Script = Join-Path $TestDrive 'rates.ps1'
        }

        BeforeEach {
            Set-Content $File 'one'
            (Get-Item $File).LastWriteTimeUtc = [datetime]'2026-01-01'
            $Value = @{ b = 2; a = 1 }
            $Code = { 1 }
            $Settings = @{}
            function Get-Rate { Get-Base }
            function Get-Base { 3 }
            Set-Alias gr Get-Rate
        }

        It 'runs again: <Name>' -ForEach @(
            @{ Name = 'code'; Make = { New-Dag d { Add-DagNode n $Code -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'output type'; Make = { New-Dag d { Add-DagNode n { 1 } -Reuse @Settings } }; Change = { $Settings = @{ OutputType = [string] } } }
            @{ Name = 'constant'; Make = { New-Dag d { Add-DagNode n { param($x) $x } -Parameter @{ x = $Value.a } -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = '$using: value'; Make = { New-Dag d { Add-DagNode n { $using:Value } -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = '-Variable value'; Make = { New-Dag d { Add-DagNode n { $v } -Reuse } -Variable @{ v = $Value } }; Change = { $Value.a = 2 } }
            @{ Name = 'function'; Make = { New-Dag d { Add-DagNode n { Get-Rate } -Reuse } }; Change = { function Get-Rate { 1 + (Get-Base) } } }
            @{ Name = 'function of a function'; Make = { New-Dag d { Add-DagNode n { Get-Rate } -Reuse } }; Change = { function Get-Base { 4 } } }
            @{ Name = 'alias'; Make = { New-Dag d { Add-DagNode n { gr } -Reuse } }; Change = { Set-Alias gr Get-Base } }
            @{ Name = 'function behind an alias'; Make = { New-Dag d { Add-DagNode n { gr } -Reuse } }; Change = { function Get-Base { 4 } } }
            @{ Name = 'function that -Function names'; Make = { New-Dag d { Add-DagNode n { & ('Get' + '-Base') } -Reuse } -Function Get-Base }; Change = { function Get-Base { 4 } } }
            @{ Name = 'strictness'; Make = { New-Dag d { Add-DagNode n { 1 } -Reuse } @Settings }; Change = { $Settings = @{ Strict = $true } } }
            @{ Name = 'file content'; Make = { New-Dag d { Add-DagNode n { param($f) $f.Length } -Parameter @{ f = Get-Item $File } -Reuse } }; Change = { Set-Content $File 'other'; (Get-Item $File).LastWriteTimeUtc = [datetime]'2026-01-01' } }
            @{ Name = 'file time'; Make = { New-Dag d { Add-DagNode n { param($f) $f.Length } -Parameter @{ f = Get-Item $File } -Reuse } }; Change = { (Get-Item $File).LastWriteTimeUtc = [datetime]'2026-01-02' } }
            @{ Name = 'file in an array of $using:'; Make = { $files = @(Get-ChildItem $File); New-Dag d { Add-DagNode n { @($using:files).Count } -Reuse } }; Change = { Set-Content $File 'other text' } }
            @{ Name = 'file from upstream'; Make = { New-Dag d { Add-DagNode f { Get-Item $using:File }; Add-DagNode n { $_.Length } -After f -Reuse } }; Change = { Set-Content $File 'other text' } }
            @{ Name = 'node of a sub-DAG'; Make = { $sub = New-Dag s { Add-DagNode a { $_ }; Add-DagNode b $Code -After a }; New-Dag d { Add-DagNode f { 1 }; Add-DagNode n -Call $sub -After f -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'what a sub-DAG calls'; Make = { $sub = New-Dag s { Add-DagNode a { Get-Rate } }; New-Dag d { Add-DagNode f { 1 }; Add-DagNode n -Call $sub -After f -Reuse } }; Change = { function Get-Base { 4 } } }
            @{ Name = 'constant in a sub-DAG'; Make = { $sub = New-Dag s { Add-DagNode a { param($y, $x) $x } -Parameter @{ x = $Value } }; New-Dag d { Add-DagNode f { 1 }; Add-DagNode n -Call $sub -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = 'variable of a sub-DAG'; Make = { $sub = New-Dag s -Variable @{ v = $Value.a } { Add-DagNode a { $_ }; Add-DagNode b { $v } -After a }; New-Dag d { Add-DagNode f { 1 }; Add-DagNode n -Call $sub -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = 'branch of a switch'; Make = { New-Dag d { Add-DagNode f { 1 }; Add-DagNode n -Switch @{ default = $Code } -By { 'x' } -After f -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'what chooses a branch'; Make = { New-Dag d { Add-DagNode f { 1 }; Add-DagNode n -Switch @{ default = { 1 } } -By $Code -After f -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'input'; Make = { New-Dag d { Add-DagNode f { $using:Value.a }; Add-DagNode n { $_ } -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = 'language of messages'; Make = { New-Dag d { Add-DagNode n { [cultureinfo]::CurrentUICulture.Name } -Reuse } }; Change = { [cultureinfo]::CurrentUICulture = if ([cultureinfo]::CurrentUICulture.Name -eq 'de-DE') { 'fr-FR' } else { 'de-DE' } } }
            @{ Name = '$OFS'; Make = { New-Dag d { Add-DagNode n { "$(1, 2)" } -Reuse } }; Change = { $OFS = '-' } }
            @{ Name = '$OutputEncoding'; Make = { New-Dag d { Add-DagNode n { 1 } -Reuse } }; Change = { $OutputEncoding = [Text.Encoding]::Latin1 } }
            @{ Name = 'default of a parameter'; Make = { New-Dag d { Add-DagNode n { param($f) Get-Content $f } -Parameter @{ f = $File } -Reuse } }; Change = { $PSDefaultParameterValues = @{ 'Get-Con*:TotalCount' = 1 } } }
            @{ Name = 'default of a parameter, by an alias'; Make = { New-Dag d { Add-DagNode n { param($f) gc $f } -Parameter @{ f = $File } -Reuse } }; Change = { $PSDefaultParameterValues = @{ 'Get-Content:TotalCount' = { 1 } } } }
            @{ Name = 'default of a parameter, by a name with its module'; Make = { New-Dag d { Add-DagNode n { param($f) Microsoft.PowerShell.Management\Get-Content $f } -Parameter @{ f = $File } -Reuse } }; Change = { $PSDefaultParameterValues = @{ 'Get-Content:TotalCount' = { 1 } } } }
            @{ Name = 'script file'; Make = { $code = [scriptblock]::Create("& '$Script'"); New-Dag d { Add-DagNode n $code -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file that is dot-sourced'; Make = { $code = [scriptblock]::Create(". '$Script'; 1"); New-Dag d { Add-DagNode n $code -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file by a relative path'; Make = { Push-Location $TestDrive; New-Dag d { Add-DagNode n { ./rates.ps1 } -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file of a script file'; Make = { $code = [scriptblock]::Create("& '$TestDrive/all.ps1'"); New-Dag d { Add-DagNode n $code -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file that is called without its extension'; Make = { $code = [scriptblock]::Create("& '$TestDrive/rates'"); New-Dag d { Add-DagNode n $code -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file on the path, without its extension'; Make = { $env:PATH = "$TestDrive$([IO.Path]::PathSeparator)$env:PATH"; New-Dag d { Add-DagNode n { rates } -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file that lies beside the code'; Make = { . "$TestDrive/beside.ps1" }; Change = { Set-Content $Script '6' } }
            @{ Name = 'script file, from a location that is no folder'; Make = { Push-Location Env:/; $code = [scriptblock]::Create("& '$Script'"); New-Dag d { Add-DagNode n $code -Reuse } }; Change = { Set-Content $Script '6' } }
            @{ Name = 'module that it imports by its path'; Make = { $code = [scriptblock]::Create("Import-Module '$TestDrive/own.psm1'; Get-Own"); New-Dag d { Add-DagNode n $code -Reuse } }; Change = { (Get-Item "$TestDrive/own.psm1").LastWriteTimeUtc = [datetime]'2026-01-02' } }
            @{ Name = 'location of a relative path'; Make = { New-Dag d { Add-DagNode n { @(Get-ChildItem *.none -Recurse).Count } -Reuse } }; Change = { Set-Location ([IO.Path]::GetTempPath()) } }
            @{ Name = 'location that it asks for'; Make = { New-Dag d { Add-DagNode n { "$PWD" } -Reuse } }; Change = { Set-Location ([IO.Path]::GetTempPath()) } }
            @{ Name = 'added member of a type'; Make = { New-Dag d { Add-DagNode n { (1).Tripled } -Reuse } }; Change = { Update-TypeData -TypeName int -MemberName Tripled -MemberType ScriptProperty -Value { 4 * $this } -Force } }
            @{ Name = 'culture'; Make = { New-Dag d { Add-DagNode n { 1.5.ToString() } -Reuse } }; Change = { $culture = [cultureinfo]::CurrentCulture; [cultureinfo]::CurrentCulture = if ($culture.Name -eq 'de-DE') { 'fr-FR' } else { 'de-DE' } } }
        ) {
            Set-Content $Script '5'
            Set-Content (Join-Path $TestDrive 'all.ps1') '& "$PSScriptRoot/rates.ps1"'
            Set-Content (Join-Path $TestDrive 'own.psm1') 'function Get-Own { 7 }'
            Set-Content (Join-Path $TestDrive 'beside.ps1') 'New-Dag d { Add-DagNode n { . (Join-Path $PSScriptRoot rates.ps1); 1 } -Reuse }'
            Update-TypeData -TypeName int -MemberName Tripled -MemberType ScriptProperty -Value { 3 * $this } -Force
            $cultures = [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture
            $here = $PWD
            $path = $env:PATH
            try { Test-Change $Make $Change | Should -Be 'skipped, then completed' }
            finally {
                [cultureinfo]::CurrentCulture, [cultureinfo]::CurrentUICulture = $cultures
                Set-Location $here
                $env:PATH = $path
                Remove-TypeData -TypeName int
            }
        }

        It 'runs an element again: <Name>' -ForEach @(
            @{ Name = 'code'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map $Code -After f -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'value'; Make = { New-Dag d { Add-DagNode f { , @($using:Value.a) }; Add-DagNode n -Map { $_ } -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = 'constant'; Make = { $sub = New-Dag s { Add-DagNode a { param($y, $x) $x } -Parameter @{ x = $Value.a } }; New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map $sub -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = 'output type'; Make = { $sub = New-Dag s { Add-DagNode a { param($y) 1 } @Settings }; New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map $sub -After f -Reuse } }; Change = { $Settings = @{ OutputType = [string] } } }
            @{ Name = '$using: value'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map { $using:Value.a } -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = '-Variable value'; Make = { New-Dag d -Variable @{ v = $Value.a } { Add-DagNode f { , @(1) }; Add-DagNode n -Map { $v } -After f -Reuse } }; Change = { $Value.a = 2 } }
            @{ Name = 'function of a function'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map { Get-Rate } -After f -Reuse } }; Change = { function Get-Base { 4 } } }
            @{ Name = 'alias'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map { gr } -After f -Reuse } }; Change = { Set-Alias gr Get-Base } }
            @{ Name = 'strictness'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map { 1 } -After f -Reuse } @Settings }; Change = { $Settings = @{ Strict = $true } } }
            @{ Name = 'file time'; Make = { New-Dag d { Add-DagNode f { , @(Get-Item $using:File) }; Add-DagNode n -Map { $_.Length } -After f -Reuse } }; Change = { (Get-Item $File).LastWriteTimeUtc = [datetime]'2026-01-03' } }
            @{ Name = 'edge of its sub-DAG'; Make = { $sub = New-Dag s { Add-DagNode a { $_ }; Add-DagNode b { 2 } -After a; Add-DagNode c { 3 } -After a; Add-DagNode z { param($l, $r) $l } -After $Value.order }; New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map $sub -After f -Reuse } }; Change = { $Value.order = 'c', 'b' } }
            @{ Name = 'branch'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map @{ default = $Code } -By { 'x' } -After f -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'what chooses a branch'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map @{ default = { 1 } } -By $Code -After f -Reuse } }; Change = { $Code = { 1 + 0 } } }
            @{ Name = 'culture'; Make = { New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map { 1.5.ToString() } -After f -Reuse } }; Change = { [cultureinfo]::CurrentCulture = if ([cultureinfo]::CurrentCulture.Name -eq 'de-DE') { 'fr-FR' } else { 'de-DE' } } }
            @{ Name = 'script file'; Make = { $code = [scriptblock]::Create("& '$Script'"); New-Dag d { Add-DagNode f { , @(1) }; Add-DagNode n -Map $code -After f -Reuse } }; Change = { Set-Content $Script '6' } }
        ) {
            Set-Content $Script '5'
            $Value.order = 'b', 'c'
            $culture = [cultureinfo]::CurrentCulture
            try { Test-ElementChange $Make $Change | Should -Be 'reused, then completed' }
            finally { [cultureinfo]::CurrentCulture = $culture }
        }

        It 'is reused: <Name>' -ForEach @(
            @{ Name = 'a hashtable in another order'; Make = { New-Dag d { Add-DagNode n { $using:Value } -Reuse } }; Change = { $Value = @{ a = 1; n = 'd'; b = 2 } } }
            @{ Name = 'a function that it does not call'; Make = { New-Dag d { Add-DagNode n { Get-Base } -Reuse } }; Change = { function Get-Rate { 7 } } }
            @{ Name = 'another name'; Make = { New-Dag $Value.n { Add-DagNode $Value.n { 1 } -Reuse } }; Change = { $Value.n = 'e' } }
            @{ Name = 'retries, timeouts and limits'; Make = { New-Dag d { Add-DagNode n { 1 } -Reuse @Settings } }; Change = { $Settings = @{ RetryCount = 2; Timeout = 100 } } }
            @{ Name = 'a default of a parameter of another command'; Make = { New-Dag d { Add-DagNode n { Get-Base } -Reuse } }; Change = { $PSDefaultParameterValues = @{ 'Get-Content:TotalCount' = 1 } } }
            @{ Name = 'an added member that it does not name'; Make = { New-Dag d { Add-DagNode n { (1).ToString() } -Reuse } }; Change = { Update-TypeData -TypeName int -MemberName Tripled -MemberType NoteProperty -Value 1 -Force } }
            @{ Name = 'a location that it does not ask for'; Make = { New-Dag d { Add-DagNode n { param($f) Get-Content $f } -Parameter @{ f = $File } -Reuse } }; Change = { Push-Location ([IO.Path]::GetTempPath()) } }
            @{ Name = 'a default of what a command shows, or does after an error'; Make = { New-Dag d { Add-DagNode n { Get-Base } -Reuse } }; Change = { $PSDefaultParameterValues = @{ '*:ErrorAction' = 'Stop'; 'Get-*:Verbose' = $true } } }
            @{ Name = 'preferences'; Make = { New-Dag d { Add-DagNode n { 1 } -Reuse } }; Change = { $VerbosePreference = 'SilentlyContinue'; $WarningPreference = 'Ignore' } }
        ) {
            $Value.n = 'd'
            $here = $PWD
            try { Test-Change $Make $Change | Should -Be 'skipped, then skipped' }
            finally {
                Set-Location $here
                Remove-TypeData -TypeName int -ErrorAction Ignore
            }
        }

        It 'runs again when a module that it calls has another version, or a file of it was written' {
            $folder = Join-Path $TestDrive 'Rates'
            $null = New-Item $folder -ItemType Directory
            function Write-Rates([string]$Version) {
                New-ModuleManifest (Join-Path $folder 'Rates.psd1') -RootModule Rates.psm1 -ModuleVersion $Version -FunctionsToExport Get-ModuleRate
            }
            function Set-Time([datetime]$Time) { Get-ChildItem $folder | ForEach-Object { $_.LastWriteTimeUtc = $Time } }
            Set-Content (Join-Path $folder 'Rates.psm1') 'function Get-ModuleRate { 5 }'
            Write-Rates 1.0
            Set-Time '2026-01-01'
            Import-Module (Join-Path $folder 'Rates.psd1')
            try {
                $make = { New-Dag d { Add-DagNode n { Get-ModuleRate } -Reuse } }
                Test-Change $make {
                    Write-Rates 1.1
                    Set-Time '2026-01-01'
                    Import-Module (Join-Path $folder 'Rates.psd1') -Force
                } | Should -Be 'skipped, then completed'
                Test-Change $make { (Get-Item (Join-Path $folder 'Rates.psm1')).LastWriteTimeUtc = '2026-01-02' } | Should -Be 'skipped, then completed'
            }
            finally { Remove-Module Rates }
        }

        It 'runs again when any module that New-Dag names has changed' {
            $paths = 'One', 'Two' | ForEach-Object {
                $path = Join-Path $TestDrive "$_.psm1"
                Set-Content $path "function Get-$_ { 1 }"
                (Get-Item $path).LastWriteTimeUtc = '2026-01-01'
                Import-Module $path
                $path
            }
            try {
                $make = { New-Dag d -Module $Paths { Add-DagNode n { 1 } -Reuse } }
                foreach ($path in $paths) {
                    Test-Change $make { (Get-Item $path).LastWriteTimeUtc = '2026-01-02' } | Should -Be 'skipped, then completed'
                }
            }
            finally { Remove-Module One, Two }
        }

        It 'reuses with a module that has a manifest, and with one that is not there, by their names' {
            Test-Change { New-Dag d -Module Microsoft.PowerShell.Archive { Add-DagNode n { 1 } -Reuse } } { } | Should -Be 'skipped, then skipped'
        }

        It 'runs again when a note of its input has changed: <Name>' -ForEach @(
            @{ Name = 'a date'; Make = { New-Dag d { Add-DagNode m { [datetime]::new(2026, 1, 2) | Add-Member n ($using:Value).b -PassThru }; Add-DagNode n { $_.n } -After m -Reuse } } }
            @{ Name = 'a text'; Make = { New-Dag d { Add-DagNode m { [string]::new('x', 3) | Add-Member n ($using:Value).b -PassThru }; Add-DagNode n { $_.n } -After m -Reuse } } }
            @{ Name = 'an array'; Make = { New-Dag d { Add-DagNode m { $l = 1, 2; Add-Member -InputObject $l n ($using:Value).b; , $l }; Add-DagNode n { $_.n } -After m -Reuse } } }
        ) {
            Test-Change $Make { $Value.b = 3 } | Should -Be 'skipped, then completed'
        }
    }

    It 'does not reuse what cannot be compared, and says why with -Verbose: <Name>' -ForEach @(
        @{ Name = 'a live object'; Value = { [System.Threading.Tasks.TaskCompletionSource]::new() }; Why = '*live object*$using:Value*' }
        @{ Name = 'a secret'; Value = { ConvertTo-SecureString 'x' -AsPlainText -Force }; Why = '*secret*$using:Value*' }
        @{ Name = 'a scriptblock'; Value = { , { 1 } }; Why = '*ScriptBlock*$using:Value*' }
    ) {
        $Value = & $Value
        $dag = New-Dag live { Add-DagNode n { $null = $using:Value; 1 } -Reuse }
        $null = $dag | Invoke-Dag
        $said = $dag | Invoke-Dag -Verbose 4>&1
        ($said | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }).Nodes['n'].Status | Should -Be completed
        ($said | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message -like $Why | Should -HaveCount 1
    }

    It 'does not reuse an output that was written beside an error, or that has a live object inside' {
        $dag = New-Dag bad { Add-DagNode error { Write-Error no; 1 } -Reuse; Add-DagNode live { , (Get-Process -Id $PID) } -Reuse }
        $null = $dag | Invoke-Dag -ErrorAction SilentlyContinue
        ($dag | Invoke-Dag -ErrorAction SilentlyContinue).Nodes.Status | Should -Be completed, completed
    }

    It 'runs what replaces a node by -Override, and gives its output to nobody' {
        $dag = New-Dag over { Add-DagNode n { 1 } -Reuse }
        $null = $dag | Invoke-Dag
        ($dag | Invoke-Dag -Override @{ n = { 2 } }).Outputs['n'] | Should -Be 2
        ($dag | Invoke-Dag).Outputs['n'] | Should -Be 1
    }

    It 'runs everything with -NoReuse, after which that is what is reused' {
        $dag = New-Dag all { Add-DagNode n { [guid]::NewGuid() } -Reuse }
        $first, $second = ($dag | Invoke-Dag), ($dag | Invoke-Dag -NoReuse)
        $second.Outputs['n'] | Should -Not -Be $first.Outputs['n']
        ($dag | Invoke-Dag).Outputs['n'] | Should -Be $second.Outputs['n']
    }

    It 'runs in a replay the nodes that it names' {
        $dag = New-Dag replay { Add-DagNode n { [guid]::NewGuid() } -Reuse }
        $first = $dag | Invoke-Dag
        ($first | Invoke-DagReplay -Node n).Outputs['n'] | Should -Not -Be $first.Outputs['n']
    }

    It 'has no effect without provenance' {
        $dag = New-Dag none { Add-DagNode n { [guid]::NewGuid() } -Reuse }
        ($dag | Invoke-Dag -NoProvenance).Outputs['n'] | Should -Not -Be ($dag | Invoke-Dag -NoProvenance).Outputs['n']
    }

    It 'is as old as the code, with -ReuseFor' {
        $dag = New-Dag old { Add-DagNode n { [guid]::NewGuid() } -ReuseFor 3600; Add-DagNode m { [guid]::NewGuid().ToString() } -ReuseFor ([timespan]::FromTicks(1)) }
        $first, $second = ($dag | Invoke-Dag), ($dag | Invoke-Dag)
        $second.Outputs['n'] | Should -Be $first.Outputs['n']
        $second.Outputs['m'] | Should -Not -Be $first.Outputs['m']
    }

    It 'reuses the elements of a map that are the same, by their values, in any order and after a failure' {
        $dag = New-Dag elements {
            Add-DagNode list { param($n) $n }
            Add-DagNode each -Map { param($x) Add-Content $using:Ran "$x"; if ($x -lt 0) { throw 'no' }; 2 * $x } -After list -Reuse
        }
        $failed = $dag | Invoke-Dag -SourceInput @{ n = 1, 2, -3 } -ThrottleLimit 1 -ErrorAction SilentlyContinue
        $failed.Status | Should -Be failed
        Read-Ran | Should -Be '1', '2', '-3'
        $run = $dag | Invoke-Dag -SourceInput @{ n = 4, 2, 1 }
        Read-Ran | Should -Be '4'
        $run.Outputs['each'] | Should -Be 8, 4, 2
        $run.Nodes['each'].Status | Should -Be completed
        $run.Nodes['each'].ChildRuns.Nodes.Status | Should -Be completed, skipped, skipped
        $run.Nodes['each'].ChildRuns[1].Nodes[0].ReusedFrom | Should -Be $failed.Nodes['each'].ChildRuns[1].RunId
        $run.Nodes['each'].ChildRuns.Status | Should -Be completed, completed, completed
        $run.Nodes['each'].ChildRuns[0].ReusedFrom | Should -BeNullOrEmpty
        $run.Nodes['each'].ChildRuns[1].ReusedFrom | Should -Be $failed.Nodes['each'].ChildRuns[1].RunId
        ($run.Nodes['each'] | Format-List | Out-String -Stream) -match '^ChildRuns +: 1 completed, 2 reused' | Should -HaveCount 1
        ($run.Nodes['each'].ChildRuns | Out-String -Stream) -match 'reused +\d\d:\d\d' | Should -HaveCount 2 -Because 'what was reused took no time'
        ($run.Nodes | Out-String) -replace '\s+', ' ' | Should -Match 'each .* note: reused 2 of 3 elements'
        $run | Export-Dag | Should -Match "reused.*:::skipped"
    }

    It 'records the constants of a reused element as those of one that ran' {
        $dag = New-Dag constants { Add-DagNode list { 1, 2 }; Add-DagNode each -Map { param($x, $k) $x * $k } -Parameter @{ k = 5 } -After list -Reuse }
        $ran, $reused = 1, 2 | ForEach-Object { $dag | Invoke-Dag }
        $reused.Nodes['each'].ChildRuns.Nodes.Status | Should -Be skipped, skipped
        $inputs = $ran, $reused | ForEach-Object { $_.Nodes['each'].ChildRuns.Nodes | ForEach-Object { "$($_.Input['x']) $($_.Input['k'])" } }
        $inputs | Should -Be '1 5', '2 5', '1 5', '2 5'
        Compare-DagRun $ran $reused | Should -BeNullOrEmpty
    }

    It 'says from which run a sub-run of several nodes is, and the replay of failed elements too' {
        $sub = New-Dag s { Add-DagNode a { param($x) 2 * $x }; Add-DagNode b { if ($_ -lt 0) { throw 'no' }; $_ + 1 } -After a }
        $dag = New-Dag several { Add-DagNode list { param($n) $n }; Add-DagNode each -Map $sub -After list -Reuse }
        $first = $dag | Invoke-Dag -SourceInput @{ n = 1, 2 }
        $second = $dag | Invoke-Dag -SourceInput @{ n = 1, -3 } -ErrorAction SilentlyContinue
        $from = $first.Nodes['each'].ChildRuns[0].RunId
        $second.Nodes['each'].ChildRuns[0].ReusedFrom | Should -Be $from
        $replay = $second | Invoke-DagReplay -Node each -FailedOnly -WarningAction Ignore -ErrorAction SilentlyContinue
        $replay.Nodes['each'].ChildRuns[0].ReusedFrom | Should -Be $from
    }

    It 'says nothing of it without -Verbose' {
        $dag = New-Dag quiet { Add-DagNode n { $null = $using:Host; 1 } -Reuse }
        $dag | Invoke-Dag 4>&1 | Should -BeOfType Lythonic.Dag.DagRun
    }

    It 'says with -WhatIf of each node why it would run or be reused' {
        function Get-WhatIf([string]$Script) { Invoke-ChildPwsh "`$env:LYTHONIC_DAG_DB = '$env:LYTHONIC_DAG_DB'; $Script" | Out-String -Width 500 }
        $file = Join-Path $TestDrive 'what.csv'
        $make = {
            New-Dag plan {
                Add-DagNode read { param($f) Get-Content $f } -Parameter @{ f = Get-Item '{file}' } -Reuse
                Add-DagNode rate { "$_" + (Get-Rate) } -After read -Reuse
                Add-DagNode list { 1..4 } -After rate -Reuse
                Add-DagNode each -Map { $_ } -After list -Reuse
                Add-DagNode live { $using:Host; 1 } -Reuse
                Add-DagNode plain { 1 }
            }
        }.ToString().Replace('{file}', $file)
        Set-Content $file 'one'
        $said = Get-WhatIf "function Get-Rate { 3 }; `$dag = $make; `$dag | Invoke-Dag -WhatIf; `$null = `$dag | Invoke-Dag; '--'; `$dag | Invoke-Dag -WhatIf
            function Get-Rate { 4 }; `$dag | Invoke-Dag -WhatIf; Set-Content '$file' 'other text'; ($make) | Invoke-Dag -WhatIf; function Get-Rate { 3 }; ($make) | Invoke-Dag -WhatIf
            `$null = 1, 2 | Invoke-DagMap { Get-Rate } -Reuse; function Get-Rate { 5 }; 1, 2 | Invoke-DagMap { Get-Rate } -Reuse -WhatIf"
        $said | Should -BeLike "*Run: node 'read', because no run of it is there to be reused*--*"
        $said | Should -BeLike "*--*Reuse: node 'read', because its code and inputs are those of run*"
        $said | Should -BeLike "*--*Reuse: node 'each', because 4 of its 4 elements are reused, 0 run*"
        $said | Should -BeLike "*Run: node 'live', because it has a live object (*) as `$using:host, and so it cannot be reused*"
        $said | Should -BeLike "*--*Run: node 'plain', because a new run runs every node*"
        $said | Should -BeLike "*Run: node 'rate', because function Get-Rate has changed*"
        $said | Should -BeLike "*Run: node 'read', because the file what.csv has changed*Run: node 'rate', because function Get-Rate has changed*Run: node 'rate', because 'read' runs before it*"
        $said | Should -BeLike "*Run: node 'each', because 0 of its 2 elements are reused: function Get-Rate has changed*"
    }

    It 'says once that code has changed, and since which run, where nothing else is the reason' {
        # What the engine says of the run as a whole.
        function Said([scriptblock]$Run) { & $Run 6>&1 | Where-Object { $_ -is [Management.Automation.InformationRecord] } | ForEach-Object { "$_" } }
        function Sub($Code, $Given = 1..3) { Said { $Given | Invoke-DagMap $Code -Name line -Reuse -ThrottleLimit 1 } }
        Sub { $_ * 2 } | Should -BeNullOrEmpty -Because 'there is no earlier run'
        $first = (Get-DagRun -DagName line).RunId.Substring(0, 8)
        Sub { $_ * 2 } (1..4) | Should -BeNullOrEmpty -Because 'a new element is no change of the code'
        $newest = (Get-DagRun -DagName line -First 1).RunId.Substring(0, 8)
        Sub { $_ * 3 } | Should -Match "^'each' reuses nothing of the run $newest of \d+ \w+ \d\d:\d\d: its code has changed since\.$"
        Sub { $_ * 2 } (1..5) | Should -BeNullOrEmpty -Because 'what ran with this code before is reused'
        Sub { $_ * 4 } | Should -HaveCount 1

        # Without a name, the runs before may be those of any other line.
        Said { 1..3 | Invoke-DagMap { $_ * 5 } -Reuse } | Should -BeNullOrEmpty
        Said { 1..3 | Invoke-DagMap { $_ * 6 } -Reuse } | Should -BeNullOrEmpty

        $factor = 2
        $make = { New-Dag nodes { Add-DagNode a { param($x) $x * $using:factor } -Reuse; Add-DagNode b { Get-Random } -After a } }
        Said { & $make | Invoke-Dag -SourceInput @{ x = 1 } } | Should -BeNullOrEmpty
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } } | Should -BeNullOrEmpty -Because 'the input has changed'
        $factor = 3
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } -NoReuse } | Should -BeNullOrEmpty
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } -NoProvenance } | Should -BeNullOrEmpty
        $factor = 4
        Said { & $make | Invoke-Dag -SourceInput @{ x = 2 } } | Should -Match "^'a' reuses nothing of the run \w{8} of .*: .*factor has changed since\.$"
    }

    It 'is warned of by Test-Dag where its code asks for <Asks>' -ForEach @(
        @{ Asks = '$env:X'; Code = { $env:X } }
        @{ Asks = 'Get-Date'; Code = { Get-Date } }
        @{ Asks = 'Get-Random'; Code = { 1..3 | Get-Random } }
        @{ Asks = '[datetime]::Now'; Code = { [datetime]::Now.Year } }
        @{ Asks = '[guid]::NewGuid'; Code = { [guid]::NewGuid() } }
        @{ Asks = 'Get-Date'; Code = { Get-Stamp } }
        @{ Asks = 'Get-Process'; Code = { Get-Process -Id $_ } }
        @{ Asks = "what is at the path 'data.csv'"; Code = { Import-Csv data.csv -Delimiter ';' } }
        @{ Asks = "what is at the path '*.csv'"; Code = { Get-ChildItem -Recurse *.csv } }
    ) {
        function Get-Stamp { Get-Date }
        $problem = New-Dag asks { Add-DagNode list { 1 }; Add-DagNode n -Map $Code -After list -Reuse } | Test-Dag
        $problem.Severity, $problem.Node | Should -Be Warning, 'n/n'
        $problem.Message | Should -BeLike "*asks for $([WildcardPattern]::Escape($Asks)),*"
        New-Dag asks { Add-DagNode n $Code } | Test-Dag | Should -BeNullOrEmpty
    }

    It 'keeps what it took over when other processes remove runs at the same time' {
        $script = {
            $text = 'x' * 20000
            $dag = New-Dag busy { Add-DagNode list { 1..20 }; Add-DagNode each -Map { param($x) "$x" + $using:text } -After list -Reuse }
            foreach ($round in 1..8) {
                $run = $dag | Invoke-Dag -Tag "process$PID"
                if ($run.Status -ne 'completed') { throw "It is $($run.Status): $($run.Error)" }
                $bad = @((Get-DagRun $run.RunId).Outputs['each'] | Where-Object { $_.Length -lt 20000 })
                if ($bad) { throw 'An output is gone.' }
                Get-DagRun -Tag "process$PID" | Where-Object RunId -NE $run.RunId | Remove-DagRun -Confirm:$false
            }
        }
        $text = "`$env:LYTHONIC_DAG_DB = '$env:LYTHONIC_DAG_DB'; & {$script}"
        $others = 1..2 | ForEach-Object { Start-ChildPwsh $text }
        $others | ForEach-Object { $_.WaitForExit() }
        $others.ExitCode | Should -Be 0, 0
    }

    It 'is reused by another process, and there too a hashtable has no order' {
        $script = {
            $env:LYTHONIC_DAG_DB = '{0}'
            $table = @{ alpha = 1; beta = 2; gamma = 3; delta = 4; epsilon = 5; zeta = 6 }
            (New-Dag process {
                Add-DagNode t { @{ alpha = 1; beta = 2; gamma = 3; delta = 4 } }
                Add-DagNode n { $_.Count + $using:table.Count } -After t -Reuse
            } | Invoke-Dag).Nodes['n'].Status
        }.ToString().Replace('{0}', $env:LYTHONIC_DAG_DB)
        Invoke-ChildPwsh $script | Should -Be completed
        Invoke-ChildPwsh $script | Should -Be skipped
    }
}
