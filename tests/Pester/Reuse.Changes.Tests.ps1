# What must be the same for -Reuse: each thing is changed once, for nodes and for elements of maps.
BeforeAll { . (Join-Path $PSScriptRoot 'TestSession.ps1') }

AfterAll { Restore-TestSession }

Describe '-Reuse, where of what must be the same one thing changed' {
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
        $env:LYTHONIC_DAG_DB = New-DatabasePath
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
